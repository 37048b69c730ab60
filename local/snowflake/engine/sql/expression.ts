import { LocalLimitError, SnowflakeError } from '../snowflake-error.ts'
import { boolean, digitsOf, float, nullType, number, parseDecimal, type SnowflakeType, text } from '../values/index.ts'
import type { BinaryOperator, Expression } from './ast.ts'
import type { Cursor } from './cursor.ts'

type Parse = (cursor: Cursor) => Expression

/** Operators of one rank, joined from the left. */
const leftToRight =
  (operand: Parse, operators: Readonly<Record<string, BinaryOperator>>): Parse =>
  (cursor) => {
    let left = operand(cursor)
    for (;;) {
      const spelled = Object.keys(operators).find((one) => cursor.accept(one))
      const operator = spelled === undefined ? undefined : operators[spelled]
      if (operator === undefined) return left
      left = { kind: 'binary', operator, left, right: operand(cursor) }
    }
  }

const unary: Parse = (cursor) => {
  if (cursor.accept('+')) return cursor.nested(() => unary(cursor))
  if (cursor.accept('-')) return cursor.nested(() => ({ kind: 'negative', operand: unary(cursor) }))
  return postfix(cursor)
}

const times = leftToRight(unary, { '*': '*' })
const product: Parse = (cursor) => {
  const found = times(cursor)
  if (cursor.is('/') || cursor.is('%')) throw new LocalLimitError('division')
  return found
}
const sum = leftToRight(product, { '+': '+', '-': '-', '||': '||' })
const comparisons = { '=': '=', '<>': '<>', '!=': '<>', '<=': '<=', '>=': '>=', '<': '<', '>': '>' } as const
const comparison = leftToRight(sum, comparisons)

const nullTest: Parse = (cursor) => {
  let operand = comparison(cursor)
  while (cursor.accept('IS')) {
    const negated = cursor.accept('NOT')
    cursor.expect('NULL')
    operand = { kind: 'isNull', operand }
    if (negated) operand = { kind: 'not', operand }
  }
  return operand
}

const negation: Parse = (cursor) =>
  cursor.accept('NOT') ? cursor.nested(() => ({ kind: 'not', operand: negation(cursor) })) : nullTest(cursor)

const conjunction = leftToRight(negation, { AND: 'AND' })
const disjunction = leftToRight(conjunction, { OR: 'OR' })

export const parseExpression: Parse = (cursor) => cursor.nested(() => disjunction(cursor))

/** `::type`, and the paths into semi-structured values: `:key`, `.key`, `['key']`, `[0]`. */
const postfix: Parse = (cursor) => {
  let operand = primary(cursor)
  for (let inPath = false; ; ) {
    if (cursor.accept('::')) operand = { kind: 'cast', operand, to: cursor.type() }
    else if (cursor.accept(':') || (inPath && cursor.accept('.'))) {
      operand = { kind: 'path', operand, key: memberName(cursor) }
      inPath = true
    } else if (cursor.accept('[')) {
      const key = cursor.peek().kind === 'number' ? Number(cursor.next().text) : cursor.take('string')
      cursor.expect(']')
      operand = { kind: 'path', operand, key }
      inPath = true
    } else return operand
  }
}

/** JSON keys are case-sensitive. */
const memberName = (cursor: Cursor): string => {
  const token = cursor.peek()
  const folded = cursor.identifier()
  return token.kind === 'quoted' ? folded : cursor.sql.slice(token.start, token.end)
}

const keywordLiterals: ReadonlyMap<string, Expression> = new Map([
  ['TRUE', { kind: 'literal', value: true, type: boolean }],
  ['FALSE', { kind: 'literal', value: false, type: boolean }],
  ['NULL', { kind: 'literal', value: null, type: nullType }],
])

const primary: Parse = (cursor) => {
  const { kind, text: spelled } = cursor.peek()
  const constant = kind === 'word' ? keywordLiterals.get(spelled) : undefined
  if (constant) {
    cursor.next()
    return constant
  }
  if (kind === 'number') return numberLiteral(cursor.next().text)
  if (kind === 'string') return { kind: 'literal', value: cursor.next().text, type: text }
  if (cursor.is('?')) return { kind: 'bind', position: cursor.questionMark() }
  if (cursor.accept(':')) return { kind: 'bind', position: Number(cursor.take('number')) }
  if (kind === 'variable') return { kind: 'variable', name: cursor.next().text }
  if (cursor.is('(', 'SELECT')) throw new LocalLimitError('a sub-select as a value')
  if (cursor.accept('(')) {
    const inside = parseExpression(cursor)
    cursor.expect(')')
    return inside
  }
  if (cursor.accept('CAST', '(')) {
    const operand = parseExpression(cursor)
    cursor.expect('AS')
    const to = cursor.type()
    cursor.expect(')')
    return { kind: 'cast', operand, to }
  }
  return kind === 'word' || kind === 'quoted' ? columnOrCall(cursor) : cursor.fail()
}

const numberLiteral = (spelled: string): Expression => {
  const value = /e/i.test(spelled) ? undefined : parseDecimal(spelled)
  // https://docs.snowflake.com/en/sql-reference/data-types-numeric#numeric-constants
  if (!value) {
    if (!Number.isFinite(Number(spelled))) throw new SnowflakeError('Number out of representable range')
    return { kind: 'literal', value: Number(spelled), type: float }
  }
  const type: SnowflakeType = number(Math.max(digitsOf(value), value.scale, 1), value.scale)
  return { kind: 'literal', value, type }
}

/** Words that end an expression's place and are no names. */
const reserved =
  /^(SELECT|FROM|WHERE|ORDER|GROUP|HAVING|UNION|AND|OR|ON|AS|CASE|WHEN|THEN|ELSE|IN|LIKE|VALUES|SET|EXISTS|DISTINCT|WITH)$/

const columnOrCall: Parse = (cursor) => {
  const { kind, text: first } = cursor.peek()
  if (kind === 'word' && reserved.test(first)) cursor.fail()
  const name = cursor.name()
  if (!cursor.is('(')) return { kind: 'column', name }
  if (cursor.accept('(', '*', ')')) return { kind: 'call', name, arguments: [], star: true }
  const callArguments = cursor.list(() => parseExpression(cursor))
  if (cursor.is('OVER')) cursor.fail()
  return { kind: 'call', name, arguments: callArguments, star: false }
}
