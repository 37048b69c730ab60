import type { WireRequest, WireResponse } from '../../http.ts'
import { failedSteps, type Journal } from '../../journal.ts'
import { allowsAddress, allowsLogin, type SnowflakeUser, type UserWorkloadIdentity } from '../engine/catalogue/index.ts'
import type { SnowflakeEngine } from '../snowflake-engine.ts'
import {
  type AttestationDependencies,
  type AuthenticatedUser,
  authenticateLogin,
  type LoginRejection,
  type LoginResult,
} from './authenticate-login.ts'
import { failure, success } from './driver-protocol.ts'
import { type DriverRejection, rejections } from './driver-rejections.ts'
import type { Sessions, TokenLifetimes } from './driver-sessions.ts'
import { type LoginRequest, readLoginRequest } from './login-request.ts'
import { sessionParameters } from './session-parameters.ts'

export interface ServerAccount {
  /** Every name it is reached under, in upper case: `MYORG-MYACCOUNT`, its locator. */
  readonly names: readonly string[]
  readonly engine: SnowflakeEngine
}

export interface LoginDependencies extends AttestationDependencies {
  /** Those that there are now. */
  readonly accounts: () => readonly ServerAccount[]
  readonly sessions: Sessions
  readonly lifetimes: TokenLifetimes
  readonly journal: Pick<Journal, 'record'>
}

export const createLogin = (dependencies: LoginDependencies) => {
  const { journal, newId } = dependencies

  const record = (login: LoginRequest, status: number, result: LoginResult) =>
    journal.record({
      requestId: newId(),
      service: 'snowflake',
      request: `login by ${login.authenticator.slice(0, 40)} to ${login.accountName.slice(0, 100)}`,
      status,
      ...(result.principal !== undefined && { principal: result.principal }),
      ...('user' in result
        ? { outcome: 'allowed', steps: [{ check: 'user', outcome: 'passed', reason: result.user.name }] }
        : { outcome: 'rejected', steps: failedSteps('login', result.reasons) }),
      ...('fix' in result && result.fix !== undefined && { fix: result.fix }),
    })

  return (request: WireRequest): WireResponse => {
    const login = readLoginRequest(request)
    if (!login) return failure(rejections.badRequest('the body is not a login request.'))
    const accounts = dependencies.accounts()
    const account = accounts.find(({ names }) => names.includes(login.accountName))
    if (!account) {
      const fix = `There are: ${accounts.flatMap(({ names }) => names).join(', ')}.`
      record(login, 403, { rejection: rejections.unknownAccount, reasons: ['there is no such account'], fix })
      return failure(rejections.unknownAccount, null, 403)
    }
    const { users, recordLoginFailure } = account.engine
    const authenticateDependencies = {
      ...dependencies,
      users: users(),
      accountNames: account.names,
      recordLoginFailure,
    }
    const result = authorizeLogin(authenticateLogin(login, authenticateDependencies), login)
    record(login, 200, result)
    return 'user' in result ? openSession(login, account, result, dependencies) : failure(result.rejection)
  }
}

/** Rejects an authenticated user that may not log in. The order of the checks is the local stack's. */
const authorizeLogin = (
  authenticated: LoginResult,
  { client, sessionContext: { role } }: LoginRequest,
): LoginResult => {
  if (!('user' in authenticated)) return authenticated
  const { user, identity, principal } = authenticated
  const { networkPolicy, authenticationPolicy } = user
  const reject = (rejection: DriverRejection, reason: string, fix: string): LoginRejection => ({
    rejection,
    reasons: [reason],
    fix,
    ...(principal !== undefined && { principal }),
  })
  if (user.isDisabled)
    return reject(
      rejections.userDisabled,
      `user ${user.name} is disabled`,
      `ALTER USER ${user.name} SET DISABLED = FALSE`,
    )
  if (networkPolicy && !allowsAddress(networkPolicy, client.ip))
    return reject(
      rejections.addressNotAllowed(client.ip),
      `the network policy in effect for user ${user.name} does not admit ${client.ip}`,
      `ALTER NETWORK POLICY … SET ALLOWED_IP_LIST = ('${client.ip}', …), or give the user a policy of its own; SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER ${user.name} shows the one in effect.`,
    )
  if (authenticationPolicy && !allowsLogin(authenticationPolicy, identity?.identity))
    return reject(
      rejections.methodNotAllowed,
      `the authentication policy in effect for user ${user.name} does not admit ${identity ? `the workload identity ${identity.name}` : 'a key pair'}`,
      'ALTER AUTHENTICATION POLICY … SET AUTHENTICATION_METHODS, or for an identity of another account WORKLOAD_IDENTITY_POLICY.',
    )
  if (role !== undefined && !user.roles.has(role))
    return reject(
      rejections.roleNotGranted(role),
      `user ${user.name} has the roles ${[...user.roles].join(', ')}`,
      `GRANT ROLE ${role} TO USER ${user.name}`,
    )
  return authenticated
}

/** Where a session begins: where the login says, or else where the user's defaults do. */
const initialSessionContext = ({ sessionContext }: LoginRequest, user: SnowflakeUser) => {
  const { defaultRole, defaultWarehouse, defaultNamespace } = user
  const [database, schema = 'PUBLIC'] =
    sessionContext.database === undefined ? (defaultNamespace?.split('.') ?? []) : []
  return {
    // Inferred: a default role that was not granted is left for PUBLIC.
    role: defaultRole !== undefined && user.roles.has(defaultRole) ? defaultRole : 'PUBLIC',
    ...(defaultWarehouse !== undefined && { warehouse: defaultWarehouse }),
    ...(database !== undefined && { database, schema }),
    ...sessionContext,
  }
}

/**
 * A user that is disabled is locked out at once, and an identity that is removed takes its sessions with it:
 * https://docs.snowflake.com/en/sql-reference/sql/alter-user and alter-user-remove-workload-identity.
 */
const isStillAuthorized = (
  current: SnowflakeUser,
  { name }: SnowflakeUser,
  identity: UserWorkloadIdentity | undefined,
): boolean =>
  current.name === name &&
  !current.isDisabled &&
  (!identity || current.workloadIdentities.some(({ id }) => id === identity.id))

const openSession = (
  login: LoginRequest,
  { names, engine }: ServerAccount,
  { user, identity }: AuthenticatedUser,
  { sessions, lifetimes }: LoginDependencies,
): WireResponse => {
  if (identity) engine.recordUse(user.name, identity)
  const { session, tokens } = sessions.open({
    owner: `${names[0]} ${user.name}`,
    openSqlSession: (id) =>
      engine.openSession({ ...initialSessionContext(login, user), user: user.name, id: String(id) }),
    isStillAuthorized: () => engine.users().some((one) => isStillAuthorized(one, user, identity)),
  })
  const { database, schema, warehouse, role } = session.sqlSession.context()
  return success({
    token: tokens.sessionToken,
    masterToken: tokens.masterToken,
    validityInSeconds: lifetimes.sessionSeconds,
    masterValidityInSeconds: lifetimes.masterSeconds,
    displayUserName: user.name,
    serverVersion: 'local',
    firstLogin: false,
    remMeToken: null,
    remMeValidityInSeconds: 0,
    healthCheckInterval: 45,
    newClientForUpgrade: null,
    sessionId: tokens.sessionId,
    parameters: sessionParameters,
    sessionInfo: { databaseName: database, schemaName: schema, warehouseName: warehouse, roleName: role },
    idToken: null,
    idTokenValidityInSeconds: 0,
    responseData: null,
    mfaToken: null,
    mfaTokenValidityInSeconds: 0,
  })
}
