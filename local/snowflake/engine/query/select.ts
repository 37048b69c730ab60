import { compilationError, LocalLimitError } from '../snowflake-error.ts'
import type { Expression, Name, Query, Source } from '../sql/index.ts'
import { cast, commonType, type Value } from '../values/index.ts'
import { hasAggregate } from './aggregate.ts'
import { evaluate, type Scope } from './evaluate.ts'
import type { Column, Frame, NamedColumn } from './frame.ts'
import { compare } from './operators.ts'

type SelectContext = Pick<Scope, 'execution' | 'findFunction' | 'findView'>

/** The columns of a query's result, each with all its values. */
export const select = async (query: Query, context: SelectContext): Promise<Frame> => {
  const source = query.from ? await sourceFrame(query.from, context) : { length: 1, columns: [] }
  const frame = query.where ? await filterRows(source, query.where, context) : source
  const grouped = query.items.some((item) => item.kind === 'item' && hasAggregate(item.expression))
  const scope: Scope = { ...context, frame, grouped }
  const columns: NamedColumn[] = []
  for (const item of query.items) {
    if (item.kind === 'item')
      columns.push({ ...(await evaluate(item.expression, scope)), table: undefined, name: item.name })
    else columns.push(...starColumns(item.table, frame))
  }
  const result: Frame = { length: grouped ? 1 : frame.length, columns }
  const order = grouped ? undefined : await rowOrder(query.orderBy, result, scope)
  const ordered = order ? pickRows(result, order) : result
  return query.limit === undefined ? ordered : pickRows(ordered, indices(Math.min(query.limit, ordered.length)))
}

const indices = (length: number): readonly number[] => Array.from({ length }, (_, row) => row)

const pickRows = ({ columns }: Frame, chosen: readonly number[]): Frame => ({
  length: chosen.length,
  columns: columns.map((column) => ({ ...column, values: chosen.map((row) => column.values[row] ?? null) })),
})

const filterRows = async (frame: Frame, where: Expression, context: SelectContext): Promise<Frame> => {
  const { type, values } = await evaluate(where, { ...context, frame, grouped: false })
  return pickRows(
    frame,
    indices(frame.length).filter((row) => cast(values[row] ?? null, type, { name: 'BOOLEAN' }) === true),
  )
}

const starColumns = (table: string | undefined, { columns }: Frame): readonly NamedColumn[] => {
  const chosen = columns.filter((column) => table === undefined || column.table === table)
  if (chosen.length === 0) throw compilationError('SELECT with no columns')
  return chosen
}

/** Names of the result come before those of its source; a bare number is a column's place. NULL sorts as the greatest. */
const rowOrder = async (
  orderBy: Query['orderBy'],
  result: Frame,
  scope: Scope,
): Promise<readonly number[] | undefined> => {
  if (orderBy.length === 0) return undefined
  const hidden = scope.frame.columns.filter(({ name }) => !result.columns.some((column) => column.name === name))
  const frame: Frame = { length: result.length, columns: [...result.columns, ...hidden] }
  const keys: { values: readonly Value[]; descending: boolean }[] = []
  for (const { expression, descending } of orderBy) {
    const column = ordinal(expression, result) ?? (await evaluate(expression, { ...scope, frame }))
    keys.push({ values: column.values, descending })
  }
  return indices(result.length).toSorted((left, right) => {
    for (const { values, descending } of keys) {
      const order = nullsLast(values[left] ?? null, values[right] ?? null)
      if (order !== 0) return descending ? -order : order
    }
    return left - right
  })
}

const ordinal = (expression: Expression, { columns }: Frame): Column | undefined =>
  expression.kind === 'literal' && expression.type.name === 'NUMBER'
    ? columns[Number(cast(expression.value, expression.type, { name: 'FLOAT' })) - 1]
    : undefined

const nullsLast = (left: Value, right: Value): number => {
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const order = compare(left, right)
  if (order === undefined) throw new LocalLimitError('ORDER BY over semi-structured values; cast them')
  return order
}

const sourceFrame = async (source: Source, context: SelectContext): Promise<Frame> => {
  const { length, columns } = await bareFrame(source, context)
  if (source.columns.length > columns.length) throw compilationError('more column aliases than columns')
  return {
    length,
    columns: columns.map((column, at) => ({
      ...column,
      table: source.alias ?? column.table,
      name: source.columns[at] ?? column.name,
    })),
  }
}

/** More rows than anybody waits for at a laptop. */
const maxRows = 1_000_000

const bareFrame = async (source: Source, context: SelectContext): Promise<Frame> => {
  if (source.kind === 'query') return select(source.query, context)
  if (source.kind === 'values') return valuesFrame(source.rows, context)
  if (source.kind === 'view') return viewFrame(source.name, context)
  if (source.rowCount > maxRows) throw new LocalLimitError(`more than ${maxRows} rows`)
  return { length: source.rowCount, columns: [] }
}

const viewFrame = (name: Name, { execution, findView }: SelectContext): Frame => {
  const found = findView(name, execution)
  if (found) return { ...found, columns: found.columns.map((column) => ({ ...column, table: name.at(-1) })) }
  throw new LocalLimitError('tables: FROM takes VALUES, GENERATOR, sub-selects and SNOWFLAKE.ACCOUNT_USAGE.CREDENTIALS')
}

const valuesFrame = async (valueRows: readonly (readonly Expression[])[], context: SelectContext): Promise<Frame> => {
  const width = valueRows[0]?.length ?? 0
  if (valueRows.some((row) => row.length !== width)) throw compilationError('rows of VALUES have different lengths')
  const scope: Scope = { ...context, frame: { length: 1, columns: [] }, grouped: false }
  const columns: NamedColumn[] = []
  for (const at of indices(width)) {
    const cells: Column[] = []
    for (const row of valueRows)
      for (const expression of row.slice(at, at + 1)) cells.push(await evaluate(expression, scope))
    const type = commonType(cells.map((cell) => cell.type))
    if (!type) throw new LocalLimitError(`column ${at + 1} of VALUES with values of several types; cast them to one`)
    const values = cells.map((cell) => cast(cell.values[0] ?? null, cell.type, type))
    columns.push({ type, values, table: undefined, name: `COLUMN${at + 1}` })
  }
  return { length: valueRows.length, columns }
}
