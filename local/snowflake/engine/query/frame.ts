import type { SnowflakeType, Value } from '../values/index.ts'

/** The values of one expression, a row each, and the type of all. */
export interface Column {
  readonly type: SnowflakeType
  readonly values: readonly Value[]
}

export interface NamedColumn extends Column {
  readonly table: string | undefined
  readonly name: string
}

/** The rows that expressions are evaluated over. */
export interface Frame {
  readonly length: number
  readonly columns: readonly NamedColumn[]
}
