import type { RoleResource } from '../deployment/deployed-resources.ts'
import type { Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { AccessKey } from '../sigv4/index.ts'
import type { KeyRing } from './key-ring.ts'

interface IdentityKeysDependencies {
  readonly keyRing: KeyRing
  readonly identifiers: Identifiers
}

type IdentityKey = AccessKey<Principal>

/** Keys are made once for each name and ARN: an identity keeps its key when the access map is replaced. */
export interface IdentityKeys {
  /** Of a role or user outside the template, with a policy of its own account. */
  readonly keyFor: (name: string, arn: string, policy: unknown) => IdentityKey
  /** Of a session that ended an hour ago. */
  readonly expiredSessionKey: (role: RoleResource) => IdentityKey
  /** Of two sessions of an all-powerful role of that ARN, of which one has ended. */
  readonly adminSessionKeys: (arn: string) => { readonly session: IdentityKey; readonly expired: IdentityKey }
}

const secondsPerHour = 3_600

export const createIdentityKeys = ({ keyRing, identifiers }: IdentityKeysDependencies): IdentityKeys => {
  const keys = new Map<string, IdentityKey>()
  const once = (name: string, arn: string, make: () => IdentityKey): IdentityKey => {
    const existing = keys.get(`${name} ${arn}`)
    // The ring forgets sessions that are long over, and those of roles that are gone.
    const key = existing && keyRing.findKey(existing.accessKeyId) ? existing : make()
    keys.set(`${name} ${arn}`, key)
    return key
  }
  const sessionOf = (role: RoleResource, sessionName: string, durationSeconds: number) =>
    once(`session ${sessionName}`, role.arn, () => keyRing.startSession(role, { sessionName, durationSeconds }))
  return {
    adminSessionKeys: (arn) => {
      const role = roleOutsideTemplate(arn, allowEverything)
      return {
        session: sessionOf(role, 'admin', 12 * secondsPerHour),
        expired: sessionOf(role, 'ended', -secondsPerHour),
      }
    },
    keyFor: (name, arn, policy) =>
      once(name, arn, () => {
        if (arn.includes(':user/')) return keyRing.createUserKey(user(arn, identifiers.unique('AIDA'), policy))
        const sessionName = name.replace(/[^\w.-]/g, '-')
        return keyRing.startSession(roleOutsideTemplate(arn, policy), {
          sessionName,
          durationSeconds: 12 * secondsPerHour,
        })
      }),
    expiredSessionKey: (role) =>
      once('expired', role.arn, () =>
        keyRing.startSession(role, { sessionName: 'expired', durationSeconds: -secondsPerHour }),
      ),
  }
}

const allowEverything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

const user = (arn: string, userId: string, document: unknown): Principal => ({
  type: 'User',
  accountId: arn.split(':')[4] ?? '',
  arn,
  principalArn: arn,
  userId,
  identityPolicies: [{ name: `policy of ${arn}`, document }],
})

/** A role outside the template. Its sessions are created directly, without AssumeRole. */
export const roleOutsideTemplate = (arn: string, document: unknown): RoleResource => ({
  name: arn.replace(/^.*\//, ''),
  path: arn.replace(/^.*?:role(\/.*?)[^/]*$/, '$1'),
  arn,
  trustPolicy: { name: `trust policy of ${arn}`, document: { Version: '2012-10-17', Statement: [] } },
  identityPolicies: [{ name: `policy of ${arn}`, document }],
  maxSessionDuration: 43_200,
  tags: {},
})
