import type { AccessKey } from '../sigv4/index.ts'
import {
  type HeldIdentity,
  isSame,
  type LoginFailure,
  type SnowflakeUser,
  type WorkloadIdentity,
} from '../snowflake/index.ts'
import { verifyCallerIdentity } from './caller-identity.ts'
import { verifyKeyPair } from './key-pair.ts'
import type { LoginRequest } from './login-request.ts'
import { type Refusal, refusals } from './refusals.ts'
import { type IssuerKey, verifyWebIdentityToken } from './web-identity-token.ts'

export interface Refused {
  readonly refusal: Refusal
  /** For the stack's log: what was looked at. Never a secret or a token. */
  readonly because: readonly string[]
  readonly remedy?: string
  /** The principal of AWS that was verified all the same. */
  readonly principal?: string
}

/** Who it is, and by which of the user's workload identities, if by one. */
export interface Proven {
  readonly user: SnowflakeUser
  readonly identity?: HeldIdentity
  readonly principal?: string
}

export type Authenticated = Proven | Refused

export interface Attestors {
  /** The keys of AWS, which attestations are signed with. */
  readonly findKey: (accessKeyId: string) => AccessKey<{ readonly arn: string }> | undefined
  /** The public keys of an issuer of web identity tokens; none for an issuer that is not known. */
  readonly findIssuerKeys: (issuer: string) => readonly IssuerKey[]
  readonly newId: () => string
  readonly now: () => Date
}

interface Needs extends Attestors {
  readonly users: readonly SnowflakeUser[]
  readonly accountNames: readonly string[]
  readonly recordLoginFailure: (id: string, failure: LoginFailure) => void
}

/** Who a login is, before it is asked what that user may do. */
export const authenticate = (login: LoginRequest, needs: Needs): Authenticated => {
  const { newId } = needs
  switch (login.authenticator) {
    case 'SNOWFLAKE_JWT':
      return byKeyPair(login, needs)
    case 'WORKLOAD_IDENTITY':
      return byWorkloadIdentity(login, needs)
    case 'SNOWFLAKE':
      return refuse(refusals.wrongCredentials, 'users of the local Snowflake have no passwords')
    case 'PROGRAMMATIC_ACCESS_TOKEN':
      return refuse(refusals.programmaticTokenInvalid, 'the local Snowflake has given out no such tokens')
    case 'OAUTH':
      return refuse(refusals.accessTokenInvalid(newId()), 'the local Snowflake has given out no such tokens')
    default:
      return refuse(refusals.limit(`the authenticator ${login.authenticator.slice(0, 100)}`), 'no such authenticator')
  }
}

const refuse = (refusal: Refusal, because: string, more: Partial<Refused> = {}): Refused => ({
  refusal,
  because: [because],
  ...more,
})

const byKeyPair = (
  login: LoginRequest,
  { users, accountNames, recordLoginFailure, newId, now }: Needs,
): Authenticated => {
  const { token, loginName, client } = login
  const verdict = verifyKeyPair(token, { users, accountNames, loginName, now: now() })
  if ('user' in verdict) return verdict
  const { fault, because, remedy } = verdict
  const id = newId()
  recordLoginFailure(id, {
    clientIP: client.ip,
    clientType: client.type,
    clientVersion: client.version,
    username: loginName,
    errorCode: fault,
    timestamp: Math.floor(now().getTime() / 1_000),
  })
  return refuse(refusals.jwtInvalid(id), `${fault}: ${because}`, { ...(remedy !== undefined && { remedy }) })
}

const byWorkloadIdentity = ({ provider, token, loginName }: LoginRequest, needs: Needs): Authenticated => {
  const { users } = needs
  if (provider !== 'AWS')
    return refuse(
      refusals.limit(`the provider ${provider.slice(0, 100)} of workload identities`),
      'the provider is not AWS',
    )
  const isJwt = token.includes('.')
  const attested = isJwt ? verifyWebIdentityToken(token, needs) : verifyCallerIdentity(token, needs)
  if ('because' in attested) {
    const { because, explanation, remedy } = attested
    return {
      refusal: refusals.attestation(because),
      because: explanation ?? [because],
      ...(remedy !== undefined && { remedy }),
    }
  }
  const { arn } = attested
  const isHeld = isJwt
    ? ({ identity }: HeldIdentity) => identity.arn === arn && identity.issuer === attested.issuer
    : isOfCaller(arn)
  const [found] = users.flatMap((user) =>
    user.workloadIdentities.filter(isHeld).map((identity) => ({ user, identity, principal: arn })),
  )
  if (!found) {
    return refuse(refusals.noUserForCaller(arn), `no user of the account has the identity of ${arn}`, {
      remedy: `CREATE USER … TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn(arn)}'): the ARN of a role stands there without its path.`,
      principal: arn,
    })
  }
  const { user, identity } = found
  if (identity.isDisabled) {
    return refuse(refusals.attestation('the workload identity is disabled'), `${identity.name} of ${user.name} is`, {
      remedy: `ALTER USER ${user.name} MODIFY WORKLOAD IDENTITY ${identity.name} SET DISABLED = FALSE`,
      principal: arn,
    })
  }
  if (loginName !== '' && loginName.toUpperCase() !== user.loginName.toUpperCase())
    return refuse(refusals.attestation('the identity is of another user than the login'), `it is ${user.name}'s`, {
      principal: arn,
    })
  return found
}

const isOfCaller = (arn: string): ((held: HeldIdentity) => boolean) => {
  const caller = identityOf(arn)
  return ({ identity }) => caller !== undefined && isSame(identity, caller)
}

/** Of a session there are left account and role name; the path of the role is in no ARN that STS says. */
const identityOf = (arn: string): Omit<WorkloadIdentity, 'arn' | 'issuer'> | undefined => {
  const [, partition = '', accountId = '', role, user] =
    /^arn:([\w-]+):(?:sts|iam)::(\d{12}):(?:assumed-role\/([^/]+)\/[^/]+|user\/(.+))$/.exec(arn) ?? []
  if (role !== undefined) return { partition, accountId, kind: 'IAM role', name: role }
  return user === undefined ? undefined : { partition, accountId, kind: 'IAM user', name: user }
}

const roleArn = (arn: string): string =>
  arn.replace(/^(arn:[\w-]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/, '$1:iam::$2:role/$3')
