import type { AccessKey } from '../../sigv4/index.ts'
import {
  isSamePrincipal,
  type SnowflakeUser,
  type UserWorkloadIdentity,
  type WorkloadIdentity,
} from '../engine/catalogue/index.ts'
import type { LoginFailure } from '../engine/login-failures.ts'
import { verifyCallerIdentity } from './caller-identity-attestation.ts'
import { type DriverRejection, rejections } from './driver-rejections.ts'
import { verifyKeyPairToken } from './key-pair-token.ts'
import type { LoginRequest } from './login-request.ts'
import { type IssuerKey, verifyWebIdentityToken } from './web-identity-token.ts'

export interface LoginRejection {
  readonly rejection: DriverRejection
  /** For the stack's log: what was looked at. Never a secret or a token. */
  readonly reasons: readonly string[]
  readonly fix?: string
  /** The principal of AWS that was verified all the same. */
  readonly principal?: string
}

/** Who it is, and by which of the user's workload identities, if by one. */
export interface AuthenticatedUser {
  readonly user: SnowflakeUser
  readonly identity?: UserWorkloadIdentity
  readonly principal?: string
}

export type LoginResult = AuthenticatedUser | LoginRejection

export interface AttestationDependencies {
  /** The keys of AWS, which attestations are signed with. */
  readonly findKey: (accessKeyId: string) => AccessKey<{ readonly arn: string }> | undefined
  /** The public keys of an issuer of web identity tokens; none for an issuer that is not known. */
  readonly findIssuerKeys: (issuer: string) => readonly IssuerKey[]
  readonly newId: () => string
  readonly now: () => Date
}

interface AuthenticateDependencies extends AttestationDependencies {
  readonly users: readonly SnowflakeUser[]
  readonly accountNames: readonly string[]
  readonly recordLoginFailure: (id: string, failure: LoginFailure) => void
}

/** Who a login is, before it is asked what that user may do. */
export const authenticateLogin = (login: LoginRequest, dependencies: AuthenticateDependencies): LoginResult => {
  const { newId } = dependencies
  switch (login.authenticator) {
    case 'SNOWFLAKE_JWT':
      return authenticateByKeyPair(login, dependencies)
    case 'WORKLOAD_IDENTITY':
      return authenticateByWorkloadIdentity(login, dependencies)
    case 'SNOWFLAKE':
      return reject(rejections.wrongCredentials, 'users of the local Snowflake have no passwords')
    case 'PROGRAMMATIC_ACCESS_TOKEN':
      return reject(rejections.programmaticTokenInvalid, 'the local Snowflake has given out no such tokens')
    case 'OAUTH':
      return reject(rejections.accessTokenInvalid(newId()), 'the local Snowflake has given out no such tokens')
    default:
      return reject(
        rejections.unsupported(`the authenticator ${login.authenticator.slice(0, 100)}`),
        'no such authenticator',
      )
  }
}

const reject = (rejection: DriverRejection, reason: string, more: Partial<LoginRejection> = {}): LoginRejection => ({
  rejection,
  reasons: [reason],
  ...more,
})

const authenticateByKeyPair = (
  login: LoginRequest,
  { users, accountNames, recordLoginFailure, newId, now }: AuthenticateDependencies,
): LoginResult => {
  const { token, loginName, client } = login
  const result = verifyKeyPairToken(token, { users, accountNames, loginName, now: now() })
  if ('user' in result) return result
  const { fault, reason, fix } = result
  const id = newId()
  recordLoginFailure(id, {
    clientIP: client.ip,
    clientType: client.type,
    clientVersion: client.version,
    username: loginName,
    errorCode: fault,
    timestamp: Math.floor(now().getTime() / 1_000),
  })
  return reject(rejections.jwtInvalid(id), `${fault}: ${reason}`, { ...(fix !== undefined && { fix }) })
}

const authenticateByWorkloadIdentity = (
  { provider, token, loginName }: LoginRequest,
  dependencies: AuthenticateDependencies,
): LoginResult => {
  const { users } = dependencies
  if (provider !== 'AWS')
    return reject(
      rejections.unsupported(`the provider ${provider.slice(0, 100)} of workload identities`),
      'the provider is not AWS',
    )
  const isJwt = token.includes('.')
  const attestation = isJwt ? verifyWebIdentityToken(token, dependencies) : verifyCallerIdentity(token, dependencies)
  if ('reason' in attestation) {
    const { reason, explanation, fix } = attestation
    return {
      rejection: rejections.attestationRejected(reason),
      reasons: explanation ?? [reason],
      ...(fix !== undefined && { fix }),
    }
  }
  const { arn } = attestation
  const matches = isJwt
    ? ({ identity }: UserWorkloadIdentity) => identity.arn === arn && identity.issuer === attestation.issuer
    : hasPrincipal(arn)
  const [found] = users.flatMap((user) =>
    user.workloadIdentities.filter(matches).map((identity) => ({ user, identity, principal: arn })),
  )
  if (!found) {
    return reject(rejections.noUserForCaller(arn), `no user of the account has the identity of ${arn}`, {
      fix: `CREATE USER … TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn(arn)}'): the ARN of a role stands there without its path.`,
      principal: arn,
    })
  }
  const { user, identity } = found
  if (identity.isDisabled) {
    return reject(
      rejections.attestationRejected('the workload identity is disabled'),
      `${identity.name} of ${user.name} is`,
      {
        fix: `ALTER USER ${user.name} MODIFY WORKLOAD IDENTITY ${identity.name} SET DISABLED = FALSE`,
        principal: arn,
      },
    )
  }
  if (loginName !== '' && loginName.toUpperCase() !== user.loginName.toUpperCase())
    return reject(
      rejections.attestationRejected('the identity is of another user than the login'),
      `it is ${user.name}'s`,
      {
        principal: arn,
      },
    )
  return found
}

const hasPrincipal = (arn: string): ((identity: UserWorkloadIdentity) => boolean) => {
  const caller = principalOf(arn)
  return ({ identity }) => caller !== undefined && isSamePrincipal(identity, caller)
}

/** Of a session there are left account and role name; the path of the role is in no ARN that STS says. */
const principalOf = (arn: string): Omit<WorkloadIdentity, 'arn' | 'issuer'> | undefined => {
  const [, partition = '', accountId = '', role, user] =
    /^arn:([\w-]+):(?:sts|iam)::(\d{12}):(?:assumed-role\/([^/]+)\/[^/]+|user\/(.+))$/.exec(arn) ?? []
  if (role !== undefined) return { partition, accountId, kind: 'IAM role', name: role }
  return user === undefined ? undefined : { partition, accountId, kind: 'IAM user', name: user }
}

const roleArn = (arn: string): string =>
  arn.replace(/^(arn:[\w-]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/, '$1:iam::$2:role/$3')
