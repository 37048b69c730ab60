import type { SystemMessages } from '../known-message.ts'

/** Denials by policies that are neither the API's nor the role's, for any action. */
export const policyMessages: SystemMessages = {
  system: 'IAM',
  messages: [
    {
      phrases: [
        'is not authorized to perform: <action> on resource: <word> because no session policy allows',
        'is not authorized to perform: <action> on resource: <word> because no permissions boundary allows',
        'is not authorized to perform: <action> on resource: <word> because no service control policy allows',
        'is not authorized to perform: <action> on resource: <word> because no VPC endpoint policy allows',
        'is not authorized to perform: <action> on resource: <word> with an explicit deny in a session policy',
        'is not authorized to perform: <action> on resource: <word> with an explicit deny in a permissions boundary',
        'is not authorized to perform: <action> on resource: <word> with an explicit deny in a service control policy',
        'is not authorized to perform: <action> on resource: <word> with an explicit deny in a VPC endpoint policy',
        'is not authorized to perform: <action> on resource: <word> with an explicit deny in an identity-based policy',
      ],
      summary: 'A policy outside snowgate denies the request.',
      causes: ['guardrail-denies'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
    },
  ],
}
