import type { WireAnswer } from '../http/index.ts'
import { type Bind, LocalLimit, type Outcome, type Sleep, SnowflakeError } from '../snowflake/index.ts'
import { createKept } from './kept.ts'
import { ownCode } from './refusals.ts'
import { rowSet, rowType } from './rowset.ts'
import { parameters } from './session-parameters.ts'
import type { LiveSession } from './sessions.ts'
import { failure, success } from './wire.ts'

type Status = 'RUNNING' | 'SUCCESS' | 'FAILED_WITH_ERROR' | 'ABORTED'

/** A statement that was sent once, whatever becomes of the request that sent it. */
export interface Query {
  readonly id: string
  readonly owner: string
  readonly answer: Promise<WireAnswer>
  readonly status: () => { readonly status: Status; readonly message: string | null }
  readonly abort: () => void
}

interface Order {
  readonly sql: string
  readonly binds: readonly Bind[]
}

interface Needs {
  readonly newId: () => string
  readonly sleep: Sleep
  /** How long a request is kept waiting for its result before it is told to ask again. */
  readonly holdSeconds: number
  readonly now: () => Date
}

const remembered = 200

export type Queries = ReturnType<typeof createQueries>

export const createQueries = ({ newId, sleep, holdSeconds, now }: Needs) => {
  const queries = createKept<Query>(remembered)

  const start = ({ engine, owner }: LiveSession, { sql, binds }: Order): Query => {
    const id = newId()
    const aborting = new AbortController()
    let state: ReturnType<Query['status']> = { status: 'RUNNING', message: null }
    const run = async (): Promise<WireAnswer> => {
      const { signal } = aborting
      try {
        const outcome = await untilAborted(engine.run({ sql, binds, queryId: id, signal }), signal)
        state = { status: 'SUCCESS', message: null }
        return resultAnswer(id, outcome, engine.place(), now())
      } catch (error) {
        const { answer, message } = failed(id, signal.aborted ? canceled : error)
        state = { status: signal.aborted ? 'ABORTED' : 'FAILED_WITH_ERROR', message }
        return answer
      }
    }
    const query: Query = { id, owner, answer: run(), status: () => state, abort: () => aborting.abort() }
    // A defect of ours is for whoever asks for the result, and not for the process.
    query.answer.catch(() => undefined)
    queries.set(id, query)
    return query
  }

  /** The answer once it is there, or word that it is not there yet. */
  const result = async (query: Query): Promise<WireAnswer> => {
    const waiting = new AbortController()
    try {
      const isLate = sleep(holdSeconds * 1_000, waiting.signal).then(() => undefined)
      isLate.catch(() => undefined)
      return (await Promise.race([query.answer, isLate])) ?? inProgress(query, '333333')
    } finally {
      waiting.abort()
    }
  }

  return {
    start,
    result,
    find: (id: string, { owner }: LiveSession): Query | undefined => {
      const found = queries.get(id)
      return found?.owner === owner ? found : undefined
    },
  }
}

/** 333333 has the driver poll at once, 333334 leaves it to whoever sent the statement. */
export const inProgress = ({ id }: Query, code: '333333' | '333334'): WireAnswer =>
  success(
    { queryId: id, getResultUrl: `/queries/${id}/result`, queryAbortsAfterSecs: 300, progressDesc: null },
    {
      code,
      message: 'Asynchronous execution in progress. Use provided query id to perform query monitoring and management.',
    },
  )

const canceled = new SnowflakeError('SQL execution canceled', { code: '000604', sqlState: '57014' })

/** The engine looks at the signal where it waits for others; a driver is answered at once. */
const untilAborted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(canceled), { once: true })),
  ])

const failed = (queryId: string, error: unknown): { readonly answer: WireAnswer; readonly message: string } => {
  if (!(error instanceof SnowflakeError || error instanceof LocalLimit)) throw error
  const { message } = error
  const { code = ownCode, sqlState = 'XX000' } = error instanceof SnowflakeError ? error : {}
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
  { kind, frame }: Outcome,
  { role, warehouse, database, schema }: ReturnType<LiveSession['engine']['place']>,
  at: Date,
): WireAnswer =>
  success({
    parameters,
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

const ddl = 0x6000
const show = 0x4400
const describe = 0x4500

const statementTypeIds: Readonly<Record<Outcome['kind'], number>> = {
  query: 0x1000,
  use: 0x4300,
  'show integrations': show,
  'show functions': show,
  'show grants to user': show,
  'show grants to role': show,
  'show workload identities': show,
  'describe integration': describe,
  'describe network rule': describe,
  'describe user': describe,
  'describe policy': describe,
  'show policies': show,
  'show parameter': show,
  'describe function': describe,
  create: ddl,
  'create function': ddl,
  alter: ddl,
  'alter workload identity': ddl,
  'attach policy': ddl,
  drop: ddl,
  'drop function': ddl,
  // Of these five the number is inferred from their neighbours.
  grant: ddl,
  'grant usage': ddl,
  'revoke usage': ddl,
  'grant role': ddl,
  'revoke role': ddl,
  set: 0x4000,
}
