import type { SystemTexts } from '../error-text.ts'

const denied = 'is not authorized to perform: <action> on resource: <word>'

/** Denials by policies that are neither the API's nor the role's own, whatever was asked for. */
export const policyTexts: SystemTexts = {
  system: 'IAM',
  texts: [
    {
      says: [
        `${denied} because no session policy allows`,
        `${denied} because no permissions boundary allows`,
        `${denied} because no service control policy allows`,
        `${denied} because no VPC endpoint policy allows`,
        `${denied} with an explicit deny in a session policy`,
        `${denied} with an explicit deny in a permissions boundary`,
        `${denied} with an explicit deny in a service control policy`,
        `${denied} with an explicit deny in a VPC endpoint policy`,
        `${denied} with an explicit deny in an identity-based policy`,
      ],
      means: 'A policy of another kind forbids it, whatever those of snowgate say.',
      causes: ['guardrail-denies'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
    },
  ],
}
