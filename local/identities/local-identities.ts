import { type AccessMap, type Caller, callerRoleName } from '../../shared/access/index.ts'
import type { DeployedResources } from '../deployment/deployed-resources.ts'
import type { Principal } from '../iam/index.ts'
import type { AccessKey } from '../sigv4/index.ts'
import { type IdentityKeys, roleOutsideTemplate } from './identity-keys.ts'

/** An identity that can call the local stack. */
export interface LocalIdentity {
  readonly name: string
  readonly description: string
  readonly key: AccessKey<Principal>
  /** The caller role of this stage that the identity assumes; absent for direct callers. */
  readonly callerRoleArn?: string
  readonly externalId?: string
}

interface LocalIdentitiesDependencies {
  readonly accessMap: AccessMap
  readonly deployment: DeployedResources
  readonly keys: IdentityKeys
  /** The user that the account of a Snowflake caller has, where the account is there already. */
  readonly snowflakeUserOf: (caller: string) => string | undefined
}

/** The IAM user of the local Snowflake, which DESC INTEGRATION shows: who knocks while the map names none. */
export const localSnowflakeUser = (partition: string): string =>
  `arn:${partition}:iam::999999999999:user/abcd-s-example`

/** A key of that IAM user, which exists even without a caller in the access map. */
export const localSnowflakeKey = (partition: string, keys: IdentityKeys) =>
  keys.keyFor('snowflake', localSnowflakeUser(partition), callerAccountPolicy)

const unlistedAccount = '666666666666'

/**
 * Every principal of the access map, in all its stages: those of the deployed stage under the caller's name (`analytics`, further
 * principals `analytics.2`), those known from another stage alone as `analytics@prod`; then `admin` of the service's own
 * account, `stranger` who is on no list, and `expired`, whose session has ended.
 */
export const createIdentities = ({
  accessMap,
  deployment,
  keys,
  snowflakeUserOf,
}: LocalIdentitiesDependencies): readonly LocalIdentity[] => {
  const { location, api, roles } = deployment
  const identities = new Map<string, LocalIdentity>()
  const added = new Set<string>()

  const addIdentity = (
    name: string,
    description: string,
    arn: string,
    caller: string,
    { externalIds }: Pick<CallerExternalIds, 'externalIds'>,
  ) => {
    if (added.has(`${caller} ${arn}`)) return
    added.add(`${caller} ${arn}`)
    const callerRole = roles.find((role) => role.name === callerRoleName(api.stage, caller))
    identities.set(name, {
      name,
      description,
      key: keys.keyFor(name, arn, callerAccountPolicy),
      ...(callerRole && { callerRoleArn: callerRole.arn }),
      ...(externalIds[0] !== undefined && { externalId: externalIds[0] }),
    })
  }
  const principalsOf = (stage: string, name: string, caller: Caller): readonly string[] => {
    if (caller.kind !== 'snowflake') return caller.principals
    // An account keeps its IAM user when the access map changes.
    const currentUserArn = stage === api.stage ? snowflakeUserOf(name) : undefined
    return [currentUserArn ?? caller.iamUserArn ?? localSnowflakeUser(location.partition)]
  }

  const stages = [...accessMap].sort(([left], [right]) => Number(right === api.stage) - Number(left === api.stage))
  for (const [stage, { callers }] of stages) {
    for (const [caller, entry] of callers) {
      const principalArns = principalsOf(stage, caller, entry)
      for (const [index, arn] of principalArns.entries()) {
        const name = [caller, index > 0 ? `.${index + 1}` : '', stage === api.stage ? '' : `@${stage}`].join('')
        const stageNote = stage === api.stage ? '' : `, a caller of stage ${stage} alone`
        addIdentity(name, `${arn}${stageNote}`, arn, caller, { externalIds: externalIdsOf(entry) })
      }
    }
  }

  const ownArn = (kind: string) => `arn:${location.partition}:iam::${location.accountId}:${kind}`
  const builtInIdentities: LocalIdentity[] = [
    {
      name: 'admin',
      description: "administrator of the service's own account",
      key: keys.keyFor('admin', ownArn('user/admin'), administratorPolicy),
    },
    {
      name: 'stranger',
      description: 'administrator of an account that is on no list',
      key: keys.keyFor(
        'stranger',
        `arn:${location.partition}:iam::${unlistedAccount}:user/stranger`,
        administratorPolicy,
      ),
    },
    { name: 'expired', description: 'a session that ended an hour ago', key: expiredSession() },
  ]
  function expiredSession() {
    const callerRole = roles.find(({ name }) =>
      [...identities.values()].some(({ callerRoleArn }) => callerRoleArn?.endsWith(`/${name}`)),
    )
    return keys.expiredSessionKey(callerRole ?? roleOutsideTemplate(ownArn('role/expired'), administratorPolicy))
  }
  for (const identity of builtInIdentities) if (!identities.has(identity.name)) identities.set(identity.name, identity)
  return [...identities.values()]
}

interface CallerExternalIds {
  readonly externalIds: readonly string[]
}

const externalIdsOf = (caller: Caller): readonly string[] => (caller.kind === 'direct' ? [] : caller.externalIds)

const allow = (action: string | readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
})

/** What a caller's own account has given it: enough that every refusal is the service's. */
const callerAccountPolicy = allow([
  'sts:AssumeRole',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:GetWebIdentityToken',
  'execute-api:Invoke',
  'lambda:InvokeFunction',
])

const administratorPolicy = allow('*')
