import * as z from 'zod'
import { comment, pairs, text, word } from './setting-schemas.ts'
import type { WorkloadIdentity } from './workload-identity.ts'

const authenticationMethods = [
  'ALL',
  'SAML',
  'PASSWORD',
  'OAUTH',
  'KEYPAIR',
  'PROGRAMMATIC_ACCESS_TOKEN',
  'WORKLOAD_IDENTITY',
] as const

const allByDefault = z.array(z.string()).default(['ALL'])

const workloadIdentityPolicy = pairs(z.array(z.union([text, word])))
  .transform((given): unknown => Object.fromEntries(given))
  .pipe(
    z.strictObject({
      ALLOWED_PROVIDERS: allByDefault,
      ALLOWED_AWS_ACCOUNTS: allByDefault,
      ALLOWED_AWS_PARTITIONS: allByDefault,
    }),
  )

/** https://docs.snowflake.com/en/sql-reference/sql/create-authentication-policy, of which there is here what a service user meets. */
export const authenticationPolicyDefinition = z.strictObject({
  kind: z.literal('AUTHENTICATION POLICY'),
  AUTHENTICATION_METHODS: z.array(text.pipe(z.enum(authenticationMethods))).default(['ALL']),
  WORKLOAD_IDENTITY_POLICY: workloadIdentityPolicy.optional(),
  COMMENT: comment,
})

export type AuthenticationPolicy = z.output<typeof authenticationPolicyDefinition>

const allows = (list: readonly string[], value: string): boolean =>
  list.some((entry) => entry.toUpperCase() === 'ALL' || entry.toUpperCase() === value.toUpperCase())

/** Whether one may log in so: by an identity of AWS, or without one by a key pair. */
export const allowsLogin = (
  { AUTHENTICATION_METHODS: allowed, WORKLOAD_IDENTITY_POLICY: workloads }: AuthenticationPolicy,
  identity: WorkloadIdentity | undefined,
): boolean => {
  if (!identity) return allows(allowed, 'KEYPAIR')
  if (!allows(allowed, 'WORKLOAD_IDENTITY')) return false
  if (!workloads) return true
  const { ALLOWED_PROVIDERS: providers, ALLOWED_AWS_ACCOUNTS: accounts, ALLOWED_AWS_PARTITIONS: partitions } = workloads
  return allows(providers, 'AWS') && allows(accounts, identity.accountId) && allows(partitions, identity.partition)
}
