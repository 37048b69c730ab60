import {
  type AwsCredentials,
  cacheAssumedRoles,
  createAssumeRole,
  createExternalFunctionCaller,
  type Sleep,
  type Transport,
} from './caller/index.ts'
import { createViewFinder } from './engine/account-usage.ts'
import { type Bind, columnOfBind } from './engine/binds.ts'
import {
  createCatalogue,
  recordIdentityUse,
  snapshotCatalogue,
  type UserWorkloadIdentity,
  usersOf,
} from './engine/catalogue/index.ts'
import { createLoginFailures } from './engine/login-failures.ts'
import { createCallUdf, type RunUdf } from './engine/python-udf.ts'
import type { Execution, FindFunction, SessionState } from './engine/query/index.ts'
import { type ResultSet, resultSet, type StatementResult } from './engine/result-set.ts'
import { createRunStatement } from './engine/run-statement.ts'
import { LocalLimitError } from './engine/snowflake-error.ts'
import { createCursor, parseStatement, type Statement, tokenize } from './engine/sql/index.ts'
import { createFunctionFinder } from './engine/user-defined-functions.ts'

interface SnowflakeEngineOptions {
  /** Its locator, `ABC12345`, as CURRENT_ACCOUNT shows it. */
  readonly account: string
  /** `MYORG` and `MYACCOUNT` of the identifier `myorg-myaccount`. */
  readonly organizationName: string
  readonly accountName: string
  /** The AWS region that the account lives in. */
  readonly region: string
  /** The IAM user that Snowflake keeps for the account; its keys sign AssumeRole. */
  readonly iamUser: { readonly arn: string; readonly credentials: AwsCredentials }
  /** Drawn for each integration when it is created, and again when it is replaced. */
  readonly newExternalId: (integration: string) => string
  readonly sts: { readonly endpoint: string; readonly region: string }
  readonly transport: Transport
  /** Where the URL of an API is served here; undefined where nothing answers it. */
  readonly resolveApiUrl: (url: URL) => URL | undefined
  readonly now: () => Date
  /** Rejects or returns early when the signal is aborted. */
  readonly sleep: Sleep
  /** For query and session ids. */
  readonly newId: () => string
  /** Retries and polls, a line each. */
  readonly print: (line: string) => void
  /** Without one, Python functions can be created and not called. */
  readonly runUdf?: RunUdf
}

export interface SnowflakeSession {
  /** Runs statements one after the other and gives each result as it is there; the first failure ends the run. */
  readonly execute: (sql: string, signal?: AbortSignal) => AsyncGenerator<ResultSet, void>
  /** Runs a single statement, as drivers send it. */
  readonly run: (request: StatementRequest) => Promise<ExecutedStatement>
  /** Where the session is after what it ran. */
  readonly context: () => SessionContext
}

interface StatementRequest {
  readonly sql: string
  readonly queryId: string
  readonly binds: readonly Bind[]
  readonly signal: AbortSignal
}

export interface ExecutedStatement extends StatementResult {
  readonly kind: Statement['kind']
}

type SessionContext = Readonly<Pick<SessionState, 'role' | 'warehouse' | 'database' | 'schema'>>

interface OpenSessionOptions extends Partial<SessionContext> {
  readonly user: string
  readonly role: string
  /** As CURRENT_SESSION shows it; drawn when absent. */
  readonly id?: string
}

type ParsedStatement = NonNullable<ReturnType<typeof parseStatement>>

export type SnowflakeEngine = ReturnType<typeof createSnowflakeEngine>

/** One account: what it holds lives in memory, and is shared by its sessions. */
export const createSnowflakeEngine = (options: SnowflakeEngineOptions) => {
  const {
    account,
    organizationName,
    accountName,
    region,
    iamUser,
    newExternalId,
    sts,
    transport,
    resolveApiUrl,
    now,
    sleep,
    newId,
    print,
    runUdf,
  } = options
  const catalogue = createCatalogue()
  const { assumeRole, invalidate } = cacheAssumedRoles(
    createAssumeRole({ ...sts, credentials: iamUser.credentials, now }),
    now,
  )
  const loginFailures = createLoginFailures()
  const findCreated = createFunctionFinder({
    catalogue,
    callExternal: createExternalFunctionCaller({ assumeRole, transport, resolveApiUrl, now, sleep, print }),
    callUdf: createCallUdf(runUdf, assumeRole),
  })
  const findView = createViewFinder(catalogue)
  const findFunction: FindFunction = (...lookup) => loginFailures.find(...lookup) ?? findCreated(...lookup)

  const runStatement = createRunStatement({ catalogue, newExternalId, iamUserArn: iamUser.arn, findFunction, findView })

  /** In a database and schema that are there from the start, and with no warehouse to wait for. */
  const openSession = ({ id = newId(), ...overrides }: OpenSessionOptions): SnowflakeSession => {
    const session: SessionState = {
      database: 'SNOWGATE',
      schema: 'PUBLIC',
      warehouse: 'LOCAL',
      ...overrides,
      id,
      account,
      organizationName,
      accountName,
      lastQueryId: '',
      region: `AWS_${region.toUpperCase().replaceAll('-', '_')}`,
      variables: new Map(),
    }
    const runParsed = async (
      { statement, text: sql }: ParsedStatement,
      request: Pick<Execution, 'queryId' | 'signal' | 'binds'>,
    ): Promise<StatementResult> => {
      let calls = 0
      const nextCallNumber = () => ++calls
      const result = await runStatement(statement, { ...request, session, sql, startedAt: now(), nextCallNumber })
      session.lastQueryId = request.queryId
      return result
    }
    return {
      execute: async function* (sql, signal = new AbortController().signal) {
        const cursor = createCursor(sql, tokenize(sql))
        for (let parsed = parseStatement(cursor); parsed; parsed = parseStatement(cursor)) {
          const queryId = newId()
          yield resultSet(queryId, await runParsed(parsed, { queryId, signal, binds: [] }))
        }
      },
      run: async ({ sql, binds, queryId, signal }) => {
        const cursor = createCursor(sql, tokenize(sql))
        const parsed = parseStatement(cursor) ?? cursor.fail()
        if (parseStatement(cursor)) throw new LocalLimitError('several statements in one request of a driver')
        const result = await runParsed(parsed, { queryId, signal, binds: binds.map(columnOfBind) })
        return { kind: parsed.statement.kind, ...result }
      },
      context: () => {
        const { role, warehouse, database, schema } = session
        return { role, warehouse, database, schema }
      },
    }
  }

  return {
    openSession,
    iamUserArn: iamUser.arn,
    users: () => usersOf(catalogue),
    recordLoginFailure: loginFailures.record,
    /** The identity that a login was made with. */
    recordUse: (user: string, identity: UserWorkloadIdentity) => recordIdentityUse(catalogue, user, identity.id, now()),
    invalidateAssumedRoles: invalidate,
    /** Remembers what the account holds, for the function that is returned to put back; open sessions stay. */
    snapshot: () => snapshotCatalogue(catalogue),
  }
}
