import { type AccessMap, type Caller, doorRoleName, partitionOf } from '../../shared/access/index.ts'
import type { Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { AccessKey } from '../sigv4/index.ts'
import type { Deployment, RoleResource } from '../template/index.ts'
import type { KeyRing } from './key-ring.ts'

/** Somebody the local stack can be called as. */
export interface Party {
  readonly name: string
  readonly description: string
  readonly key: AccessKey<Principal>
  /** The door role of this stage that the party knocks at; absent for those who sign for themselves. */
  readonly doorRoleArn?: string
  readonly externalId?: string
}

interface Needs {
  readonly accessMap: AccessMap
  readonly deployment: Deployment
  readonly keyRing: KeyRing
  readonly identifiers: Identifiers
}

/** The IAM user of the local Snowflake, which DESC INTEGRATION shows: who knocks while the map names none. */
export const localSnowflakeUser = (partition: string): string =>
  `arn:${partition}:iam::999999999999:user/abcd-s-example`

const strangersAccount = '666666666666'

const sessionLength = 12 * 3_600

/**
 * Everybody on the map, in all its stages: those of the deployed stage under the caller's name (`analytics`, further
 * principals `analytics.2`), those known from another stage alone as `analytics@prod`; then `admin` of the service's own
 * account, `stranger` who is on no list, and `expired`, whose session has ended.
 */
export const createParties = ({ accessMap, deployment, keyRing, identifiers }: Needs): readonly Party[] => {
  const { place, api, roles } = deployment
  const parties = new Map<string, Party>()
  const played = new Set<string>()

  const play = (
    name: string,
    description: string,
    arn: string,
    caller: string,
    { externalIds }: Pick<WithIds, 'externalIds'>,
  ) => {
    if (played.has(`${caller} ${arn}`)) return
    played.add(`${caller} ${arn}`)
    const door = roles.find((role) => role.name === doorRoleName(api.stage, caller))
    parties.set(name, {
      name,
      description,
      key: signIn(arn, name.replace(/[^\w.-]/g, '-'), everythingOfItsOwn),
      ...(door && { doorRoleArn: door.arn }),
      ...(externalIds[0] !== undefined && { externalId: externalIds[0] }),
    })
  }
  const signIn = (arn: string, sessionName: string, policy: unknown): AccessKey<Principal> =>
    arn.includes(':user/')
      ? keyRing.createUserKey(user(arn, identifiers.unique('AIDA'), policy))
      : keyRing.startSession(foreignRole(arn, policy), { sessionName, durationSeconds: sessionLength })

  const stages = [...accessMap].sort(([left], [right]) => Number(right === api.stage) - Number(left === api.stage))
  for (const [stage, { callers }] of stages) {
    for (const [caller, entry] of callers) {
      const known = principalsOf(entry, place.region)
      for (const [index, arn] of known.entries()) {
        const name = [caller, index > 0 ? `.${index + 1}` : '', stage === api.stage ? '' : `@${stage}`].join('')
        const where = stage === api.stage ? '' : `, a caller of stage ${stage} alone`
        play(name, `${arn}${where}`, arn, caller, { externalIds: externalIdsOf(entry) })
      }
    }
  }

  const own = (kind: string) => `arn:${place.partition}:iam::${place.accountId}:${kind}`
  const others: Party[] = [
    {
      name: 'admin',
      description: "administrator of the service's own account",
      key: signIn(own('user/admin'), 'admin', everything),
    },
    {
      name: 'stranger',
      description: 'administrator of an account that is on no list',
      key: signIn(`arn:${place.partition}:iam::${strangersAccount}:user/stranger`, 'stranger', everything),
    },
    { name: 'expired', description: 'a session that ended an hour ago', key: expiredSession() },
  ]
  function expiredSession() {
    const door = roles.find(({ name }) =>
      [...parties.values()].some(({ doorRoleArn }) => doorRoleArn?.endsWith(`/${name}`)),
    )
    const role = door ?? foreignRole(own('role/expired'), everything)
    return keyRing.startSession(role, { sessionName: 'expired', durationSeconds: -3_600 })
  }
  for (const party of others) if (!parties.has(party.name)) parties.set(party.name, party)
  return [...parties.values()]
}

interface WithIds {
  readonly externalIds: readonly string[]
}

const externalIdsOf = (caller: Caller): readonly string[] => (caller.kind === 'direct' ? [] : caller.externalIds)

const principalsOf = (caller: Caller, region: string): readonly string[] =>
  caller.kind !== 'snowflake' ? caller.principals : [caller.iamUserArn ?? localSnowflakeUser(partitionOf(region))]

const allow = (action: string | readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
})

/** What a caller's own account has given it: enough that every refusal is the service's. */
const everythingOfItsOwn = allow([
  'sts:AssumeRole',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'execute-api:Invoke',
  'lambda:InvokeFunction',
])

const everything = allow('*')

const user = (arn: string, userId: string, document: unknown): Principal => ({
  type: 'User',
  accountId: arn.split(':')[4] ?? '',
  arn,
  principalArn: arn,
  userId,
  identityPolicies: [{ name: `policy of ${arn}`, document }],
})

/** A role outside the template: nobody assumes it here, its session is simply there. */
const foreignRole = (arn: string, document: unknown): RoleResource => ({
  name: arn.replace(/^.*\//, ''),
  path: arn.replace(/^.*?:role(\/.*?)[^/]*$/, '$1'),
  arn,
  trustPolicy: { name: `trust policy of ${arn}`, document: { Version: '2012-10-17', Statement: [] } },
  identityPolicies: [{ name: `policy of ${arn}`, document }],
  maxSessionDuration: 43_200,
  tags: {},
})
