import { compilationError, LocalLimit } from '../errors.ts'
import type { Expression, Name, Query, Source } from '../sql/index.ts'
import { cast, commonType, type Value } from '../values/index.ts'
import { hasAggregate } from './aggregate.ts'
import { compare } from './compare.ts'
import { evaluate, type Scope } from './evaluate.ts'
import type { Column, Frame, NamedColumn } from './frame.ts'

type Needs = Pick<Scope, 'execution' | 'findFunction' | 'findView'>

/** The columns of a query's result, each with all its values. */
export const select = async (query: Query, needs: Needs): Promise<Frame> => {
  const source = query.from ? await sourceFrame(query.from, needs) : { length: 1, columns: [] }
  const frame = query.where ? await filtered(source, query.where, needs) : source
  const grouped = query.items.some((item) => item.kind === 'item' && hasAggregate(item.expression))
  const scope: Scope = { ...needs, frame, grouped }
  const columns: NamedColumn[] = []
  for (const item of query.items) {
    if (item.kind === 'item')
      columns.push({ ...(await evaluate(item.expression, scope)), table: undefined, name: item.name })
    else columns.push(...starColumns(item.table, frame))
  }
  const result: Frame = { length: grouped ? 1 : frame.length, columns }
  const order = grouped ? undefined : await rowOrder(query.orderBy, result, scope)
  const ordered = order ? rows(result, order) : result
  return query.limit === undefined ? ordered : rows(ordered, indices(Math.min(query.limit, ordered.length)))
}

const indices = (length: number): readonly number[] => Array.from({ length }, (_, row) => row)

const rows = ({ columns }: Frame, chosen: readonly number[]): Frame => ({
  length: chosen.length,
  columns: columns.map((column) => ({ ...column, values: chosen.map((row) => column.values[row] ?? null) })),
})

const filtered = async (frame: Frame, where: Expression, needs: Needs): Promise<Frame> => {
  const { type, values } = await evaluate(where, { ...needs, frame, grouped: false })
  return rows(
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
  if (order === undefined) throw new LocalLimit('ORDER BY over semi-structured values; cast them')
  return order
}

const sourceFrame = async (source: Source, needs: Needs): Promise<Frame> => {
  const { length, columns } = await bareFrame(source, needs)
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
const mostRows = 1_000_000

const bareFrame = async (source: Source, needs: Needs): Promise<Frame> => {
  if (source.kind === 'query') return select(source.query, needs)
  if (source.kind === 'values') return valuesFrame(source.rows, needs)
  if (source.kind === 'view') return viewFrame(source.name, needs)
  if (source.rowCount > mostRows) throw new LocalLimit(`more than ${mostRows} rows`)
  return { length: source.rowCount, columns: [] }
}

const viewFrame = (name: Name, { execution, findView }: Needs): Frame => {
  const found = findView(name, execution)
  if (found) return { ...found, columns: found.columns.map((column) => ({ ...column, table: name.at(-1) })) }
  throw new LocalLimit('tables: FROM takes VALUES, GENERATOR, sub-selects and SNOWFLAKE.ACCOUNT_USAGE.CREDENTIALS')
}

const valuesFrame = async (given: readonly (readonly Expression[])[], needs: Needs): Promise<Frame> => {
  const width = given[0]?.length ?? 0
  if (given.some((row) => row.length !== width)) throw compilationError('rows of VALUES have different lengths')
  const scope: Scope = { ...needs, frame: { length: 1, columns: [] }, grouped: false }
  const columns: NamedColumn[] = []
  for (const at of indices(width)) {
    const cells: Column[] = []
    for (const row of given)
      for (const expression of row.slice(at, at + 1)) cells.push(await evaluate(expression, scope))
    const type = commonType(cells.map((cell) => cell.type))
    if (!type) throw new LocalLimit(`column ${at + 1} of VALUES with values of several types; cast them to one`)
    const values = cells.map((cell) => cast(cell.values[0] ?? null, cell.type, type))
    columns.push({ type, values, table: undefined, name: `COLUMN${at + 1}` })
  }
  return { length: given.length, columns }
}
