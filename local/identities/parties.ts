import { type AccessMap, type Caller, doorRoleName } from '../../shared/access/index.ts'
import type { Principal } from '../iam/index.ts'
import type { AccessKey } from '../sigv4/index.ts'
import type { Deployment } from '../template/index.ts'
import { foreignRole, type PartyKeys } from './party-keys.ts'

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
  readonly keys: PartyKeys
  /** The user that the account of a Snowflake caller has, where the account is there already. */
  readonly snowflakeUserOf: (caller: string) => string | undefined
}

/** The IAM user of the local Snowflake, which DESC INTEGRATION shows: who knocks while the map names none. */
export const localSnowflakeUser = (partition: string): string =>
  `arn:${partition}:iam::999999999999:user/abcd-s-example`

/** A key of that user, who is somebody even where the map has no caller for it. */
export const localSnowflakeKey = (partition: string, keys: PartyKeys) =>
  keys.of('snowflake', localSnowflakeUser(partition), everythingOfItsOwn)

const strangersAccount = '666666666666'

/**
 * Everybody on the map, in all its stages: those of the deployed stage under the caller's name (`analytics`, further
 * principals `analytics.2`), those known from another stage alone as `analytics@prod`; then `admin` of the service's own
 * account, `stranger` who is on no list, and `expired`, whose session has ended.
 */
export const createParties = ({ accessMap, deployment, keys, snowflakeUserOf }: Needs): readonly Party[] => {
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
      key: keys.of(name, arn, everythingOfItsOwn),
      ...(door && { doorRoleArn: door.arn }),
      ...(externalIds[0] !== undefined && { externalId: externalIds[0] }),
    })
  }
  const principalsOf = (stage: string, name: string, caller: Caller): readonly string[] => {
    if (caller.kind !== 'snowflake') return caller.principals
    // An account keeps its user, whoever a later map takes it for.
    const kept = stage === api.stage ? snowflakeUserOf(name) : undefined
    return [kept ?? caller.iamUserArn ?? localSnowflakeUser(place.partition)]
  }

  const stages = [...accessMap].sort(([left], [right]) => Number(right === api.stage) - Number(left === api.stage))
  for (const [stage, { callers }] of stages) {
    for (const [caller, entry] of callers) {
      const known = principalsOf(stage, caller, entry)
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
      key: keys.of('admin', own('user/admin'), everything),
    },
    {
      name: 'stranger',
      description: 'administrator of an account that is on no list',
      key: keys.of('stranger', `arn:${place.partition}:iam::${strangersAccount}:user/stranger`, everything),
    },
    { name: 'expired', description: 'a session that ended an hour ago', key: expiredSession() },
  ]
  function expiredSession() {
    const door = roles.find(({ name }) =>
      [...parties.values()].some(({ doorRoleArn }) => doorRoleArn?.endsWith(`/${name}`)),
    )
    return keys.expired(door ?? foreignRole(own('role/expired'), everything))
  }
  for (const party of others) if (!parties.has(party.name)) parties.set(party.name, party)
  return [...parties.values()]
}

interface WithIds {
  readonly externalIds: readonly string[]
}

const externalIdsOf = (caller: Caller): readonly string[] => (caller.kind === 'direct' ? [] : caller.externalIds)

const allow = (action: string | readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
})

/** What a caller's own account has given it: enough that every refusal is the service's. */
const everythingOfItsOwn = allow([
  'sts:AssumeRole',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:GetWebIdentityToken',
  'execute-api:Invoke',
  'lambda:InvokeFunction',
])

const everything = allow('*')
