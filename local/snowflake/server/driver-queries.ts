import { createBoundedMap } from '../../bounded-map.ts'
import type { WireResponse } from '../../http.ts'
import type { Sleep } from '../caller/index.ts'
import type { Bind } from '../engine/binds.ts'
import { LocalLimitError, SnowflakeError } from '../engine/snowflake-error.ts'
import type { ExecutedStatement } from '../snowflake-engine.ts'
import { failure, success } from './driver-protocol.ts'
import { localCode } from './driver-rejections.ts'
import type { DriverSession } from './driver-sessions.ts'
import { rowSet, rowType } from './rowset.ts'
import { sessionParameters } from './session-parameters.ts'

type QueryStatus = 'RUNNING' | 'SUCCESS' | 'FAILED_WITH_ERROR' | 'ABORTED'

/** A statement that was sent once, whatever becomes of the request that sent it. */
export interface QueryExecution {
  readonly id: string
  readonly owner: string
  readonly answer: Promise<WireResponse>
  readonly status: () => { readonly status: QueryStatus; readonly message: string | null }
  readonly abort: () => void
}

interface QueryRequest {
  readonly sql: string
  readonly binds: readonly Bind[]
}

interface QueriesDependencies {
  readonly newId: () => string
  readonly sleep: Sleep
  /** How long a request waits for its result before the driver has to poll. */
  readonly longPollSeconds: number
  readonly now: () => Date
}

const maxQueries = 200

export type Queries = ReturnType<typeof createQueries>

export const createQueries = ({ newId, sleep, longPollSeconds, now }: QueriesDependencies) => {
  const queries = createBoundedMap<QueryExecution>(maxQueries)

  const start = ({ sqlSession, owner }: DriverSession, { sql, binds }: QueryRequest): QueryExecution => {
    const id = newId()
    const aborting = new AbortController()
    let state: ReturnType<QueryExecution['status']> = { status: 'RUNNING', message: null }
    const run = async (): Promise<WireResponse> => {
      const { signal } = aborting
      try {
        const outcome = await untilAborted(sqlSession.run({ sql, binds, queryId: id, signal }), signal)
        state = { status: 'SUCCESS', message: null }
        return resultAnswer(id, outcome, sqlSession.context(), now())
      } catch (error) {
        const { answer, message } = failedAnswer(id, signal.aborted ? canceledError : error)
        state = { status: signal.aborted ? 'ABORTED' : 'FAILED_WITH_ERROR', message }
        return answer
      }
    }
    const query: QueryExecution = { id, owner, answer: run(), status: () => state, abort: () => aborting.abort() }
    // A bug of the stack rejects the request for the result; it must not end the process.
    query.answer.catch(() => undefined)
    queries.set(id, query)
    return query
  }

  /** The answer once it is there, or word that it is not there yet. */
  const result = async (query: QueryExecution): Promise<WireResponse> => {
    const timeoutAbort = new AbortController()
    try {
      const timeout = sleep(longPollSeconds * 1_000, timeoutAbort.signal).then(() => undefined)
      timeout.catch(() => undefined)
      return (await Promise.race([query.answer, timeout])) ?? inProgress(query, '333333')
    } finally {
      timeoutAbort.abort()
    }
  }

  return {
    start,
    result,
    find: (id: string, { owner }: DriverSession): QueryExecution | undefined => {
      const found = queries.get(id)
      return found?.owner === owner ? found : undefined
    },
  }
}

/** 333333 has the driver poll at once, 333334 leaves it to the client. */
export const inProgress = ({ id }: QueryExecution, code: '333333' | '333334'): WireResponse =>
  success(
    { queryId: id, getResultUrl: `/queries/${id}/result`, queryAbortsAfterSecs: 300, progressDesc: null },
    {
      code,
      message: 'Asynchronous execution in progress. Use provided query id to perform query monitoring and management.',
    },
  )

const canceledError = new SnowflakeError('SQL execution canceled', { code: '000604', sqlState: '57014' })

/** The engine looks at the signal where it waits for others; a driver is answered at once. */
const untilAborted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(canceledError), { once: true })),
  ])

const failedAnswer = (queryId: string, error: unknown): { readonly answer: WireResponse; readonly message: string } => {
  if (!(error instanceof SnowflakeError || error instanceof LocalLimitError)) throw error
  const { message } = error
  const { code = localCode, sqlState = 'XX000' } = error instanceof SnowflakeError ? error : {}
  const [, line, position] = /line (\d+) at position (\d+)/.exec(message) ?? []
  const data = {
    internalError: false,
    errorCode: code,
    age: 0,
    sqlState,
    queryId,
    line: Number(line ?? -1),
    pos: Number(position ?? -1),
    type: message.startsWith('SQL compilation error') ? 'COMPILATION' : 'EXECUTION',
  }
  return { answer: failure({ code, message }, data), message }
}

const resultAnswer = (
  queryId: string,
  { kind, frame }: ExecutedStatement,
  { role, warehouse, database, schema }: ReturnType<DriverSession['sqlSession']['context']>,
  at: Date,
): WireResponse =>
  success({
    parameters: sessionParameters,
    rowtype: rowType(frame),
    rowset: rowSet(frame),
    total: frame.length,
    returned: frame.length,
    queryId,
    databaseProvider: null,
    finalDatabaseName: database,
    finalSchemaName: schema,
    finalWarehouseName: warehouse,
    finalRoleName: role,
    numberOfBinds: 0,
    arrayBindSupported: false,
    statementTypeId: statementTypeIds[kind],
    version: 1,
    sendResultTime: at.getTime(),
    queryResultFormat: 'json',
  })

const ddlTypeId = 0x6000
const showTypeId = 0x4400
const describeTypeId = 0x4500

const statementTypeIds: Readonly<Record<ExecutedStatement['kind'], number>> = {
  query: 0x1000,
  use: 0x4300,
  'show integrations': showTypeId,
  'show functions': showTypeId,
  'show grants to user': showTypeId,
  'show grants to role': showTypeId,
  'show workload identities': showTypeId,
  'describe integration': describeTypeId,
  'describe network rule': describeTypeId,
  'describe user': describeTypeId,
  'describe policy': describeTypeId,
  'show policies': showTypeId,
  'show parameter': showTypeId,
  'describe function': describeTypeId,
  create: ddlTypeId,
  'create function': ddlTypeId,
  alter: ddlTypeId,
  'alter workload identity': ddlTypeId,
  'attach policy': ddlTypeId,
  drop: ddlTypeId,
  'drop function': ddlTypeId,
  // Of these five the number is inferred from their neighbours.
  grant: ddlTypeId,
  'grant usage': ddlTypeId,
  'revoke usage': ddlTypeId,
  'grant role': ddlTypeId,
  'revoke role': ddlTypeId,
  set: 0x4000,
}
