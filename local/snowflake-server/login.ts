import type { WireAnswer, WireRequest } from '../http/index.ts'
import { failedSteps, type Journal } from '../journal.ts'
import {
  admitsAddress,
  admitsLogin,
  type HeldIdentity,
  type Snowflake,
  type SnowflakeUser,
} from '../snowflake/index.ts'
import { type Attestors, type Authenticated, authenticate, type Proven, type Refused } from './authenticate.ts'
import { type LoginRequest, readLoginRequest } from './login-request.ts'
import { type Refusal, refusals } from './refusals.ts'
import { parameters } from './session-parameters.ts'
import type { Lifetimes, Sessions } from './sessions.ts'
import { failure, success } from './wire.ts'

export interface ServedAccount {
  /** Every name it is reached under, in upper case: `MYORG-MYACCOUNT`, its locator. */
  readonly names: readonly string[]
  readonly snowflake: Snowflake
}

export interface LoginNeeds extends Attestors {
  /** Those that there are now. */
  readonly accounts: () => readonly ServedAccount[]
  readonly sessions: Sessions
  readonly lifetimes: Lifetimes
  readonly journal: Pick<Journal, 'record'>
}

export const createLogin = (needs: LoginNeeds) => {
  const { journal, newId } = needs

  const record = (login: LoginRequest, status: number, verdict: Authenticated) =>
    journal.record({
      requestId: newId(),
      service: 'snowflake',
      request: `login by ${login.authenticator.slice(0, 40)} to ${login.accountName.slice(0, 100)}`,
      status,
      ...(verdict.principal !== undefined && { principal: verdict.principal }),
      ...('user' in verdict
        ? { outcome: 'let in', steps: [{ check: 'user', outcome: 'passed', because: verdict.user.name }] }
        : { outcome: 'refused', steps: failedSteps('login', verdict.because) }),
      ...('remedy' in verdict && verdict.remedy !== undefined && { remedy: verdict.remedy }),
    })

  return (request: WireRequest): WireAnswer => {
    const login = readLoginRequest(request)
    if (!login) return failure(refusals.badRequest('it is no login.'))
    const accounts = needs.accounts()
    const account = accounts.find(({ names }) => names.includes(login.accountName))
    if (!account) {
      const remedy = `There are: ${accounts.flatMap(({ names }) => names).join(', ')}.`
      record(login, 403, { refusal: refusals.unknownAccount, because: ['there is no such account'], remedy })
      return failure(refusals.unknownAccount, null, 403)
    }
    const { users, recordLoginFailure } = account.snowflake
    const asked = { ...needs, users: users(), accountNames: account.names, recordLoginFailure }
    const verdict = admitted(authenticate(login, asked), login)
    record(login, 200, verdict)
    return 'user' in verdict ? open(login, account, verdict, needs) : failure(verdict.refusal)
  }
}

/** What the user that somebody proved to be may not do. The order is ours. */
const admitted = (verdict: Authenticated, { client, place: { role } }: LoginRequest): Authenticated => {
  if (!('user' in verdict)) return verdict
  const { user, identity, principal } = verdict
  const { networkPolicy, authenticationPolicy } = user
  const refuse = (refusal: Refusal, because: string, remedy: string): Refused => ({
    refusal,
    because: [because],
    remedy,
    ...(principal !== undefined && { principal }),
  })
  if (user.isDisabled)
    return refuse(refusals.disabled, `user ${user.name} is disabled`, `ALTER USER ${user.name} SET DISABLED = FALSE`)
  if (networkPolicy && !admitsAddress(networkPolicy, client.ip))
    return refuse(
      refusals.addressNotAllowed(client.ip),
      `the network policy that counts for user ${user.name} does not admit ${client.ip}`,
      `ALTER NETWORK POLICY … SET ALLOWED_IP_LIST = ('${client.ip}', …), or give the user a policy of its own; SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER ${user.name} names the one that counts.`,
    )
  if (authenticationPolicy && !admitsLogin(authenticationPolicy, identity?.identity))
    return refuse(
      refusals.methodNotAllowed,
      `the authentication policy that counts for user ${user.name} does not admit ${identity ? `the workload identity ${identity.name}` : 'a key pair'}`,
      'ALTER AUTHENTICATION POLICY … SET AUTHENTICATION_METHODS, or for an identity of another account WORKLOAD_IDENTITY_POLICY.',
    )
  if (role !== undefined && !user.roles.has(role))
    return refuse(
      refusals.roleNotGranted(role),
      `user ${user.name} has the roles ${[...user.roles].join(', ')}`,
      `GRANT ROLE ${role} TO USER ${user.name}`,
    )
  return verdict
}

/** Where a session begins: where the login says, or else where the user's defaults do. */
const placeOf = ({ place }: LoginRequest, user: SnowflakeUser) => {
  const { defaultRole, defaultWarehouse, defaultNamespace } = user
  const [database, schema = 'PUBLIC'] = place.database === undefined ? (defaultNamespace?.split('.') ?? []) : []
  return {
    // Inferred: a default role that was not granted is left for PUBLIC.
    role: defaultRole !== undefined && user.roles.has(defaultRole) ? defaultRole : 'PUBLIC',
    ...(defaultWarehouse !== undefined && { warehouse: defaultWarehouse }),
    ...(database !== undefined && { database, schema }),
    ...place,
  }
}

/**
 * A user that is disabled is locked out at once, and an identity that is removed takes its sessions with it:
 * https://docs.snowflake.com/en/sql-reference/sql/alter-user and alter-user-remove-workload-identity.
 */
const mayStay = (now: SnowflakeUser, { name }: SnowflakeUser, identity: HeldIdentity | undefined): boolean =>
  now.name === name && !now.isDisabled && (!identity || now.workloadIdentities.some(({ id }) => id === identity.id))

const open = (
  login: LoginRequest,
  { names, snowflake }: ServedAccount,
  { user, identity }: Proven,
  { sessions, lifetimes }: LoginNeeds,
): WireAnswer => {
  if (identity) snowflake.recordUse(user.name, identity)
  const { session, tokens } = sessions.open({
    owner: `${names[0]} ${user.name}`,
    openEngine: (id) => snowflake.openSession({ ...placeOf(login, user), user: user.name, id: String(id) }),
    mayStay: () => snowflake.users().some((one) => mayStay(one, user, identity)),
  })
  const { database, schema, warehouse, role } = session.engine.place()
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
    parameters,
    sessionInfo: { databaseName: database, schemaName: schema, warehouseName: warehouse, roleName: role },
    idToken: null,
    idTokenValidityInSeconds: 0,
    responseData: null,
    mfaToken: null,
    mfaTokenValidityInSeconds: 0,
  })
}
