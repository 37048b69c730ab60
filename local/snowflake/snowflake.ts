import { createViewFinder } from './account-usage.ts'
import { type Bind, bindColumn } from './binds.ts'
import { createAssumeRole, createCaller, keepSessions } from './caller/index.ts'
import { createCatalogue, type HeldIdentity, markUsed, snapshotCatalogue, usersOf } from './catalogue/index.ts'
import { createFunctionFinder } from './created-functions.ts'
import { LocalLimit } from './errors.ts'
import { createLoginFailures } from './login-failures.ts'
import type { SnowflakeOptions } from './options.ts'
import type { Execution, FindFunction, Session } from './query/index.ts'
import { type Result, type ResultSet, resultSet } from './result-set.ts'
import { createRunStatement } from './run-statement.ts'
import { createCursor, parseStatement, type Statement, tokensOf } from './sql/index.ts'
import { createCallUdf } from './udf.ts'

export interface SnowflakeSession {
  /** Runs statements one after the other and gives each result as it is there; the first failure ends the run. */
  readonly execute: (sql: string, signal?: AbortSignal) => AsyncGenerator<ResultSet, void>
  /** Runs a single statement, as drivers send it. */
  readonly run: (order: Order) => Promise<Outcome>
  /** Where the session is after what it ran. */
  readonly place: () => Place
}

export interface Order {
  readonly sql: string
  readonly queryId: string
  readonly binds: readonly Bind[]
  readonly signal: AbortSignal
}

export interface Outcome extends Result {
  readonly kind: Statement['kind']
}

export type Place = Readonly<Pick<Session, 'role' | 'warehouse' | 'database' | 'schema'>>

export interface Who extends Partial<Place> {
  readonly user: string
  readonly role: string
  /** As CURRENT_SESSION shows it; drawn when absent. */
  readonly id?: string
}

type Parsed = NonNullable<ReturnType<typeof parseStatement>>

export type Snowflake = ReturnType<typeof createSnowflake>

/** One account: what it holds lives in memory, and is shared by its sessions. */
export const createSnowflake = (options: SnowflakeOptions) => {
  const {
    account,
    organizationName,
    accountName,
    region,
    iamUser,
    newExternalId,
    sts,
    transport,
    resolve,
    now,
    sleep,
    newId,
    print,
    runUdf,
  } = options
  const catalogue = createCatalogue()
  const { assumeRole, forget } = keepSessions(createAssumeRole({ ...sts, credentials: iamUser.credentials, now }), now)
  const loginFailures = createLoginFailures()
  const findCreated = createFunctionFinder({
    catalogue,
    callExternal: createCaller({ assumeRole, transport, resolve, now, sleep, print }),
    callUdf: createCallUdf(runUdf, assumeRole),
  })
  const findView = createViewFinder(catalogue)
  const findFunction: FindFunction = (...asked) => loginFailures.find(...asked) ?? findCreated(...asked)

  const runStatement = createRunStatement({ catalogue, newExternalId, iamUserArn: iamUser.arn, findFunction, findView })

  /** In a database and schema that are there from the start, and with no warehouse to wait for. */
  const openSession = ({ id = newId(), ...who }: Who): SnowflakeSession => {
    const session: Session = {
      database: 'SNOWGATE',
      schema: 'PUBLIC',
      warehouse: 'LOCAL',
      ...who,
      id,
      account,
      organizationName,
      accountName,
      lastQueryId: '',
      region: `AWS_${region.toUpperCase().replaceAll('-', '_')}`,
      variables: new Map(),
    }
    const runParsed = async (
      { statement, text: sql }: Parsed,
      given: Pick<Execution, 'queryId' | 'signal' | 'binds'>,
    ): Promise<Result> => {
      let calls = 0
      const nextCallNumber = () => ++calls
      const result = await runStatement(statement, { ...given, session, sql, startedAt: now(), nextCallNumber })
      session.lastQueryId = given.queryId
      return result
    }
    return {
      execute: async function* (sql, signal = new AbortController().signal) {
        const cursor = createCursor(sql, tokensOf(sql))
        for (let parsed = parseStatement(cursor); parsed; parsed = parseStatement(cursor)) {
          const queryId = newId()
          yield resultSet(queryId, await runParsed(parsed, { queryId, signal, binds: [] }))
        }
      },
      run: async ({ sql, binds, queryId, signal }) => {
        const cursor = createCursor(sql, tokensOf(sql))
        const parsed = parseStatement(cursor) ?? cursor.fail()
        if (parseStatement(cursor)) throw new LocalLimit('several statements in one request of a driver')
        const result = await runParsed(parsed, { queryId, signal, binds: binds.map(bindColumn) })
        return { kind: parsed.statement.kind, ...result }
      },
      place: () => {
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
    recordUse: (user: string, identity: HeldIdentity) => markUsed(catalogue, user, identity.id, now()),
    forgetAssumedRoles: forget,
    /** Remembers what the account holds, for the function that is returned to put back; open sessions stay. */
    snapshot: () => snapshotCatalogue(catalogue),
  }
}
