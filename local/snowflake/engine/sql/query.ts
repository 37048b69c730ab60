import { LocalLimitError } from '../snowflake-error.ts'
import type { Expression, Name, Query, Source } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expression.ts'

export const parseQuery = (cursor: Cursor): Query =>
  cursor.nested(() => {
    cursor.expect('SELECT')
    const items = commaSeparated(cursor, () => selectItem(cursor))
    const from = cursor.accept('FROM') ? parseSource(cursor) : undefined
    const where = cursor.accept('WHERE') ? parseExpression(cursor) : undefined
    const orderBy = cursor.accept('ORDER', 'BY') ? commaSeparated(cursor, () => orderItem(cursor)) : []
    const limit = cursor.accept('LIMIT') ? Number(cursor.take('number')) : undefined
    return { items, from, where, orderBy, limit }
  })

const commaSeparated = <Item>(cursor: Cursor, item: () => Item): readonly Item[] => {
  const items = [item()]
  while (cursor.accept(',')) items.push(item())
  return items
}

const selectItem = (cursor: Cursor): Query['items'][number] => {
  if (cursor.accept('*')) return { kind: 'star', table: undefined }
  const position = cursor.position()
  if (/^(word|quoted)$/.test(cursor.peek().kind)) {
    const table = cursor.identifier()
    if (cursor.accept('.', '*')) return { kind: 'star', table }
    cursor.rewind(position)
  }
  const start = cursor.peek()
  const expression = parseExpression(cursor)
  const spelled = cursor.textSince(start)
  return { kind: 'item', expression, name: alias(cursor) ?? defaultColumnName(expression, spelled) }
}

/** What has no name of its own is called by its text in upper case. */
const defaultColumnName = (expression: Expression, spelled: string): string =>
  (expression.kind === 'column' ? expression.name.at(-1) : undefined) ?? spelled.toUpperCase()

/** Words that follow a source or an item and are no alias of it. */
const clauses =
  /^(FROM|WHERE|ORDER|LIMIT|GROUP|HAVING|QUALIFY|UNION|EXCEPT|INTERSECT|MINUS|JOIN|LEFT|RIGHT|FULL|INNER|CROSS|NATURAL|ON|OFFSET|FETCH|BETWEEN|IN|LIKE|ILIKE|RLIKE|REGEXP|IS|NOT|OVER|PIVOT|UNPIVOT|SAMPLE|TABLESAMPLE|WITH|ASOF|LATERAL)$/

const alias = (cursor: Cursor): string | undefined => {
  if (cursor.accept('AS')) return cursor.identifier()
  const { kind, text } = cursor.peek()
  return kind === 'quoted' || (kind === 'word' && !clauses.test(text)) ? cursor.identifier() : undefined
}

const orderItem = (cursor: Cursor): Query['orderBy'][number] => {
  const expression = parseExpression(cursor)
  const descending = cursor.accept('DESC')
  if (!descending) cursor.accept('ASC')
  return { expression, descending }
}

const parseSource = (cursor: Cursor): Source => {
  const source = bareSource(cursor)
  const named = alias(cursor)
  const columns = named !== undefined && cursor.is('(') ? cursor.list(cursor.identifier) : []
  if (cursor.is(',')) throw new LocalLimitError('more than one source in FROM')
  return { ...source, alias: named, columns }
}

type BareSource =
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'generator'; readonly rowCount: number }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'view'; readonly name: Name }

const bareSource = (cursor: Cursor): BareSource => {
  if (cursor.accept('VALUES'))
    return { kind: 'values', rows: commaSeparated(cursor, () => cursor.list(() => parseExpression(cursor))) }
  if (cursor.accept('TABLE', '(')) {
    const { kind, text } = cursor.peek()
    if (kind === 'word' && text !== 'GENERATOR')
      throw new LocalLimitError(`the table function ${text}; it has GENERATOR`)
    cursor.expect('GENERATOR', '(', 'ROWCOUNT', '=>')
    const rowCount = Number(cursor.take('number'))
    cursor.expect(')', ')')
    return { kind: 'generator', rowCount }
  }
  const { kind, text } = cursor.peek()
  if (kind === 'quoted' || (kind === 'word' && !clauses.test(text))) return { kind: 'view', name: cursor.name() }
  cursor.expect('(')
  const inside: BareSource = cursor.is('SELECT')
    ? { kind: 'query', query: parseQuery(cursor) }
    : cursor.nested(() => bareSource(cursor))
  cursor.expect(')')
  return inside
}
