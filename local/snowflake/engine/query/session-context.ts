import { cast, dateTimeOf, type SnowflakeType, text, type Value } from '../values/index.ts'
import type { Column } from './frame.ts'

export interface SessionState {
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
  readonly session: SessionState
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

const textContext = (value: (execution: Execution) => string): ContextFunction => ({ type: text, value })
const dateTimeContext = (name: 'DATE' | 'TIME' | 'TIMESTAMP_LTZ'): ContextFunction => ({
  type: { name, scale: name === 'DATE' ? 0 : 9 },
  value: ({ startedAt }) => dateTimeOf(startedAt),
})

/** https://docs.snowflake.com/en/sql-reference/functions-context; the same serve CONTEXT_HEADERS. */
export const contextFunctions: ReadonlyMap<string, ContextFunction> = new Map([
  ['CURRENT_ACCOUNT', textContext(({ session }) => session.account)],
  ['CURRENT_ACCOUNT_NAME', textContext(({ session }) => session.accountName)],
  ['CURRENT_DATABASE', textContext(({ session }) => session.database)],
  ['CURRENT_DATE', dateTimeContext('DATE')],
  ['CURRENT_ORGANIZATION_NAME', textContext(({ session }) => session.organizationName)],
  ['CURRENT_REGION', textContext(({ session }) => session.region)],
  ['CURRENT_ROLE', textContext(({ session }) => session.role)],
  ['CURRENT_SCHEMA', textContext(({ session }) => session.schema)],
  ['CURRENT_SESSION', textContext(({ session }) => session.id)],
  ['CURRENT_STATEMENT', textContext(({ sql }) => sql)],
  ['CURRENT_TIME', dateTimeContext('TIME')],
  ['CURRENT_TIMESTAMP', dateTimeContext('TIMESTAMP_LTZ')],
  ['CURRENT_USER', textContext(({ session }) => session.user)],
  ['CURRENT_VERSION', textContext(() => 'local')],
  ['CURRENT_WAREHOUSE', textContext(({ session }) => session.warehouse)],
  ['LAST_QUERY_ID', textContext(({ session }) => session.lastQueryId)],
  ['LOCALTIME', dateTimeContext('TIME')],
  ['LOCALTIMESTAMP', dateTimeContext('TIMESTAMP_LTZ')],
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
