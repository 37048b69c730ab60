import { LocalLimitError, syntaxError } from '../snowflake-error.ts'
import { namedType, type SnowflakeType } from '../values/index.ts'
import type { Name } from './ast.ts'
import type { Token } from './lexer.ts'

/** Words that may stand where the parser stops and are right in Snowflake. */
const unsupportedKeywords = new Set(
  `ALL ALTER ASOF BEGIN BETWEEN CALL CASE COMMENT COMMIT CONNECT COPY CROSS DECLARE DELETE DISTINCT EXCEPT EXECUTE EXISTS
  EXPLAIN FETCH FULL GET GROUP HAVING ILIKE IN INNER INSERT INTERSECT INTERVAL JOIN LATERAL LEFT LIKE LIST MATCH_RECOGNIZE
  MERGE MINUS NATURAL NULLS OFFSET OVER PIVOT PUT QUALIFY REGEXP REMOVE REVOKE RIGHT RLIKE ROLLBACK SAMPLE SELECT SHOW
  TABLESAMPLE TOP TRUNCATE UNDROP UNION UNPIVOT UNSET UPDATE VALUES WINDOW WITH`.split(/\s+/),
)

export type Cursor = ReturnType<typeof createCursor>

/** A place among the tokens of one text, and the reading of what the grammar is made of. */
export const createCursor = (sql: string, tokens: readonly Token[]) => {
  let at = 0
  let depth = 0
  const end: Token = { kind: 'end', text: '<EOF>', start: sql.length, end: sql.length }
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? end
  const next = (): Token => tokens[at++] ?? end

  const is = (...expected: readonly string[]): boolean =>
    expected.every((text, ahead) => {
      const token = peek(ahead)
      return token.text === text && (token.kind === 'word' || token.kind === 'symbol')
    })
  const accept = (...expected: readonly string[]): boolean => {
    if (!is(...expected)) return false
    at += expected.length
    return true
  }
  const expect = (...expected: readonly string[]): void => {
    for (const text of expected) if (!accept(text)) fail()
  }
  const take = (kind: Token['kind']): string => (peek().kind === kind ? next().text : fail())

  const fail = (): never => {
    const { kind, text, start, end: stop } = peek()
    if (kind === 'word' && unsupportedKeywords.has(text)) throw new LocalLimitError(`${text} at this place`)
    throw syntaxError(sql, start, kind === 'end' ? text : sql.slice(start, stop))
  }

  /** Takes a `?` and tells which of the text it is: those read before count, in whatever order they are parsed. */
  const questionMark = (): number => {
    const isOne = ({ kind, text }: Token) => kind === 'symbol' && text === '?'
    expect('?')
    return tokens.slice(0, at).filter(isOne).length
  }

  /** The first word of the list that stands here, taken. */
  const oneOf = (...words: readonly string[]): string => words.find((word) => accept(word)) ?? fail()

  const identifier = (): string => (peek().kind === 'quoted' ? next().text : take('word'))

  const name = (): Name => {
    const parts = [identifier()]
    while (accept('.')) parts.push(identifier())
    return parts
  }

  /** `( a , b , … )`, possibly empty. */
  const list = <Item>(item: () => Item): readonly Item[] => {
    expect('(')
    const items: Item[] = []
    if (accept(')')) return items
    do items.push(item())
    while (accept(','))
    expect(')')
    return items
  }

  const type = (): SnowflakeType => {
    const name = take('word')
    const sizes = is('(') ? list(() => Number(take('number'))) : []
    const found = namedType(name === 'DOUBLE' && accept('PRECISION') ? 'FLOAT' : name, sizes)
    if (!found) throw new LocalLimitError(`the type ${name}${sizes.length > 0 ? `(${sizes})` : ''}`)
    return found
  }

  /** Parsing is recursive: what is nested too deeply is refused before the stack of the process is. */
  const nested = <Result>(parse: () => Result): Result => {
    if (++depth > 200) throw new LocalLimitError('expressions nested more than 200 deep')
    try {
      return parse()
    } finally {
      depth -= 1
    }
  }

  return {
    sql,
    peek,
    next,
    is,
    accept,
    expect,
    take,
    fail,
    oneOf,
    questionMark,
    identifier,
    name,
    list,
    type,
    nested,
    position: () => at,
    rewind: (position: number) => {
      at = position
    },
    /** The text of what was read since a token. */
    textSince: (token: Token) => sql.slice(token.start, tokens[at - 1]?.end ?? token.start),
  }
}
