import type { RoleResource } from '../deployment/deployed-resources.ts'
import type { NamedPolicy, Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { AccessKey } from '../sigv4/index.ts'

export type SessionCredentials = Required<AccessKey<Principal>>

export interface SessionRequest {
  readonly sessionName: string
  readonly durationSeconds: number
  readonly sessionPolicies?: readonly NamedPolicy[]
  readonly tags?: Readonly<Record<string, string>>
  /** Keys of session tags that go on to every further session of the chain. */
  readonly transitiveTagKeys?: readonly string[]
  readonly sourceIdentity?: string
  /** Of the Lambda function that the session is given to. */
  readonly functionArn?: string
}

/** What identifies a session, besides its principal. */
export interface RoleSession {
  readonly roleArn: string
  readonly expiration: Date
  readonly functionArn?: string
  readonly transitiveTags: Readonly<Record<string, string>>
}

/** Every access key the stack has issued, and the roles it is issued for: the one place where secrets are kept. */
export interface KeyRing {
  /** A role that can be assumed. */
  readonly findRole: (arn: string) => RoleResource | undefined
  /**
   * What can be assumed from now on. Sessions of a role that stays have the policies that it has now, as at AWS; those of a
   * role that is gone are forgotten.
   */
  readonly replaceRoles: (roles: readonly RoleResource[]) => void
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly createUserKey: (principal: Principal) => AccessKey<Principal>
  readonly startSession: (role: RoleResource, request: SessionRequest) => SessionCredentials
  /** `AROA…`, the same for a role of that ARN however often it is made again. */
  readonly roleIdOf: (arn: string) => string
  /** The session a principal stands for; undefined for users. */
  readonly sessionOf: (principal: Principal) => RoleSession | undefined
  /** Remembers the keys; the function that it returns puts back those that went, and leaves those that were issued since. */
  readonly snapshot: () => () => void
}

/** Expired sessions are kept for some time, so that an expired token is not reported as an unknown one. */
const rememberedAfterExpiry = 24 * 3_600_000

export const createKeyRing = ({ identifiers, now }: { identifiers: Identifiers; now: () => Date }): KeyRing => {
  const keys = new Map<string, AccessKey<Principal>>()
  const sessions = new WeakMap<Principal, RoleSession>()
  let roles: ReadonlyMap<string, RoleResource> = new Map()
  /** Sessions of the deployed roles, without those of identities in other accounts. */
  const sessionsOfDeployedRoles = new WeakSet<Principal>()

  const removeLongExpired = () => {
    const before = now().getTime() - rememberedAfterExpiry
    for (const [id, { expiration }] of keys) if (expiration && expiration.getTime() < before) keys.delete(id)
  }

  const roleIdOf = (arn: string) => identifiers.named(arn).unique('AROA')

  return {
    roleIdOf,
    findRole: (arn) => roles.get(arn),
    replaceRoles: (newRoles) => {
      roles = new Map(newRoles.map((role) => [role.arn, role]))
      for (const [id, { owner }] of keys) {
        if (sessionsOfDeployedRoles.has(owner) && !roles.has(owner.principalArn)) keys.delete(id)
      }
    },
    findKey: (accessKeyId) => keys.get(accessKeyId),
    sessionOf: (principal) => sessions.get(principal),
    snapshot: () => {
      const before = [...keys]
      return () => {
        for (const [id, key] of before) keys.set(id, key)
      }
    },
    createUserKey: (owner) => {
      const key = { accessKeyId: identifiers.unique('AKIA'), secretAccessKey: identifiers.secret(), owner }
      keys.set(key.accessKeyId, key)
      return key
    },
    startSession: (
      role,
      { sessionName, durationSeconds, sessionPolicies, tags, transitiveTagKeys, sourceIdentity, functionArn },
    ) => {
      removeLongExpired()
      const [, partition, , , accountId = ''] = role.arn.split(':')
      const issuedAt = now()
      const isDeployed = roles.get(role.arn) === role
      const current = () => (isDeployed && roles.get(role.arn)) || role
      const owner: Principal = {
        type: 'AssumedRole',
        accountId,
        // A session ARN has no role path. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
        arn: `arn:${partition}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
        principalArn: role.arn,
        userId: `${roleIdOf(role.arn)}:${sessionName}`,
        get identityPolicies() {
          return current().identityPolicies
        },
        ...(sessionPolicies && { sessionPolicies }),
        get tags() {
          return { ...current().tags, ...tags }
        },
        ...(sourceIdentity !== undefined && { sourceIdentity }),
        issuedAt,
      }
      const credentials: SessionCredentials = {
        accessKeyId: identifiers.unique('ASIA'),
        secretAccessKey: identifiers.secret(),
        sessionToken: identifiers.sessionToken(),
        // STS speaks in whole seconds.
        expiration: new Date(Math.floor(issuedAt.getTime() / 1000 + durationSeconds) * 1000),
        owner,
      }
      if (isDeployed) sessionsOfDeployedRoles.add(owner)
      const transitive = Object.entries(tags ?? {}).filter(([key]) => transitiveTagKeys?.includes(key))
      sessions.set(owner, {
        roleArn: role.arn,
        expiration: credentials.expiration,
        ...(functionArn !== undefined && { functionArn }),
        transitiveTags: Object.fromEntries(transitive),
      })
      keys.set(credentials.accessKeyId, credentials)
      return credentials
    },
  }
}
