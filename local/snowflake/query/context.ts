import { cast, momentOf, type SnowflakeType, text, type Value } from '../values/index.ts'
import type { Column } from './frame.ts'

export interface Session {
  readonly id: string
  readonly account: string
  readonly organizationName: string
  readonly accountName: string
  /** `AWS_EU_CENTRAL_1` */
  readonly region: string
  readonly user: string
  role: string
  database: string
  schema: string
  warehouse: string
  lastQueryId: string
  readonly variables: Map<string, Column>
}

/** One statement being executed. */
export interface Execution {
  readonly session: Session
  readonly queryId: string
  readonly sql: string
  readonly startedAt: Date
  readonly signal: AbortSignal
  /** The value of each `?`, or of `:1`, in their order. */
  readonly binds: readonly Column[]
  /** Numbers the calls of created functions, from 1. */
  readonly nextCallNumber: () => number
}

interface ContextFunction {
  readonly type: SnowflakeType
  readonly value: (execution: Execution) => Value
}

const textual = (value: (execution: Execution) => string): ContextFunction => ({ type: text, value })
const timely = (name: 'DATE' | 'TIME' | 'TIMESTAMP_LTZ'): ContextFunction => ({
  type: { name, scale: name === 'DATE' ? 0 : 9 },
  value: ({ startedAt }) => momentOf(startedAt),
})

/** https://docs.snowflake.com/en/sql-reference/functions-context; the same serve CONTEXT_HEADERS. */
export const contextFunctions: ReadonlyMap<string, ContextFunction> = new Map([
  ['CURRENT_ACCOUNT', textual(({ session }) => session.account)],
  ['CURRENT_ACCOUNT_NAME', textual(({ session }) => session.accountName)],
  ['CURRENT_DATABASE', textual(({ session }) => session.database)],
  ['CURRENT_DATE', timely('DATE')],
  ['CURRENT_ORGANIZATION_NAME', textual(({ session }) => session.organizationName)],
  ['CURRENT_REGION', textual(({ session }) => session.region)],
  ['CURRENT_ROLE', textual(({ session }) => session.role)],
  ['CURRENT_SCHEMA', textual(({ session }) => session.schema)],
  ['CURRENT_SESSION', textual(({ session }) => session.id)],
  ['CURRENT_STATEMENT', textual(({ sql }) => sql)],
  ['CURRENT_TIME', timely('TIME')],
  ['CURRENT_TIMESTAMP', timely('TIMESTAMP_LTZ')],
  ['CURRENT_USER', textual(({ session }) => session.user)],
  ['CURRENT_VERSION', textual(() => 'local')],
  ['CURRENT_WAREHOUSE', textual(({ session }) => session.warehouse)],
  ['LAST_QUERY_ID', textual(({ session }) => session.lastQueryId)],
  ['LOCALTIME', timely('TIME')],
  ['LOCALTIMESTAMP', timely('TIMESTAMP_LTZ')],
])

interface ContextValue {
  readonly type: SnowflakeType
  readonly value: Value
}

/** The value of a function of the query's place and time, and not of its rows. */
export const contextValue = (name: string, execution: Execution): ContextValue | undefined => {
  const found = contextFunctions.get(name)
  return found && { type: found.type, value: cast(found.value(execution), found.type, found.type) }
}
