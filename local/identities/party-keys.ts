import type { Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { AccessKey } from '../sigv4/index.ts'
import type { RoleResource } from '../template/index.ts'
import type { KeyRing } from './key-ring.ts'

interface Needs {
  readonly keyRing: KeyRing
  readonly identifiers: Identifiers
}

type Key = AccessKey<Principal>

/** Keys are made once for each name and ARN: whoever is on two maps one after the other keeps theirs. */
export interface PartyKeys {
  /** Of a role or user outside the template, with a policy of its own account. */
  readonly of: (name: string, arn: string, policy: unknown) => Key
  /** Of a session that ended an hour ago. */
  readonly expired: (role: RoleResource) => Key
  /** Of two sessions of an all-powerful role of that ARN, of which one has ended. */
  readonly sessionsOf: (arn: string) => { readonly session: Key; readonly ended: Key }
}

const hour = 3_600

export const createPartyKeys = ({ keyRing, identifiers }: Needs): PartyKeys => {
  const made = new Map<string, Key>()
  const once = (name: string, arn: string, make: () => Key): Key => {
    const before = made.get(`${name} ${arn}`)
    // The ring forgets sessions that are long over, and those of roles that are gone.
    const key = before && keyRing.findKey(before.accessKeyId) ? before : make()
    made.set(`${name} ${arn}`, key)
    return key
  }
  const sessionOf = (role: RoleResource, sessionName: string, durationSeconds: number) =>
    once(`session ${sessionName}`, role.arn, () => keyRing.startSession(role, { sessionName, durationSeconds }))
  return {
    sessionsOf: (arn) => {
      const role = foreignRole(arn, everything)
      return { session: sessionOf(role, 'admin', 12 * hour), ended: sessionOf(role, 'ended', -hour) }
    },
    of: (name, arn, policy) =>
      once(name, arn, () => {
        if (arn.includes(':user/')) return keyRing.createUserKey(user(arn, identifiers.unique('AIDA'), policy))
        const sessionName = name.replace(/[^\w.-]/g, '-')
        return keyRing.startSession(foreignRole(arn, policy), { sessionName, durationSeconds: 12 * hour })
      }),
    expired: (role) =>
      once('expired', role.arn, () => keyRing.startSession(role, { sessionName: 'expired', durationSeconds: -hour })),
  }
}

const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

const user = (arn: string, userId: string, document: unknown): Principal => ({
  type: 'User',
  accountId: arn.split(':')[4] ?? '',
  arn,
  principalArn: arn,
  userId,
  identityPolicies: [{ name: `policy of ${arn}`, document }],
})

/** A role outside the template: nobody assumes it here, its session is simply there. */
export const foreignRole = (arn: string, document: unknown): RoleResource => ({
  name: arn.replace(/^.*\//, ''),
  path: arn.replace(/^.*?:role(\/.*?)[^/]*$/, '$1'),
  arn,
  trustPolicy: { name: `trust policy of ${arn}`, document: { Version: '2012-10-17', Statement: [] } },
  identityPolicies: [{ name: `policy of ${arn}`, document }],
  maxSessionDuration: 43_200,
  tags: {},
})
