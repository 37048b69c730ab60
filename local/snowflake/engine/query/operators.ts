import { LocalLimitError, SnowflakeError } from '../snowflake-error.ts'
import type { BinaryOperator } from '../sql/index.ts'
import {
  boolean,
  cast,
  commonType,
  fits,
  float,
  invalidArguments,
  isDateTime,
  isDecimal,
  negative,
  number,
  plus,
  rescale,
  type SnowflakeType,
  text,
  times,
  utcNanoseconds,
  type Value,
} from '../values/index.ts'
import type { Column } from './frame.ts'

/** The order of two values of one type, neither of them NULL; undefined where that type has none. */
export const compare = (left: Value, right: Value): number | undefined => {
  if (typeof left === 'string' && typeof right === 'string')
    return sign(Buffer.compare(Buffer.from(left), Buffer.from(right)))
  if (typeof left === 'boolean' && typeof right === 'boolean') return sign(Number(left) - Number(right))
  if (typeof left === 'number' && typeof right === 'number') return sign(left - right)
  if (left instanceof Uint8Array && right instanceof Uint8Array) return sign(Buffer.compare(left, right))
  if (isDateTime(left) && isDateTime(right)) return sign(utcNanoseconds(left) - utcNanoseconds(right))
  if (!isDecimal(left) || !isDecimal(right)) return undefined
  const scale = Math.max(left.scale, right.scale)
  return sign(rescale(left, scale).units - rescale(right, scale).units)
}

const sign = (difference: number | bigint): number => (difference < 0 ? -1 : difference > 0 ? 1 : 0)

const comparisonTests: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

export const applyOperator = (operator: BinaryOperator, left: Column, right: Column): Column => {
  if (operator === 'AND' || operator === 'OR') return logical(operator === 'OR', left, right)
  if (operator === '||') return pairwise(text, text, left, right, (one, other) => `${one}${other}`)
  const test = comparisonTests[operator]
  if (!test) return arithmetic(operator, left, right)
  const common = comparable(left.type, right.type)
  return pairwise(boolean, common, left, right, (one, other) => {
    const order = compare(one, other)
    if (order === undefined) throw new LocalLimitError(`a comparison of two values of type ${common.name}`)
    return test(order)
  })
}

/** A text beside another type is read as that type. */
const comparable = (left: SnowflakeType, right: SnowflakeType): SnowflakeType => {
  const common = commonType([left, right])
  if (common) return common
  if (left.name === 'VARCHAR') return right
  if (right.name === 'VARCHAR') return left
  throw new LocalLimitError(`a comparison of ${left.name} with ${right.name}`)
}

/** Three-valued: what is decided by one side is so whatever NULL would have been. */
const logical = (decisive: boolean, left: Column, right: Column): Column => ({
  type: boolean,
  values: left.values.map((value, row) => {
    const sides = [cast(value, left.type, boolean), cast(right.values[row] ?? null, right.type, boolean)]
    if (sides.includes(decisive)) return decisive
    return sides.includes(null) ? null : !decisive
  }),
})

const arithmetic = (operator: BinaryOperator, left: Column, right: Column): Column => {
  if (left.type.name === 'FLOAT' || right.type.name === 'FLOAT') {
    return pairwise(float, float, left, right, (one, other) => {
      const [first, second] = [Number(one), Number(other)]
      return finite(operator === '+' ? first + second : operator === '-' ? first - second : first * second)
    })
  }
  const exact = [left, right].map(exactColumn)
  const [first = left, second = right] = exact
  const scales = [first, second].map(({ type }) => (type.name === 'NUMBER' ? type.scale : 0))
  const [one = 0, other = 0] = scales
  const type = number(38, operator === '*' ? Math.min(38, one + other) : Math.max(one, other))
  return pairwise(type, undefined, first, second, (a, b) => {
    if (!isDecimal(a) || !isDecimal(b)) throw invalidArguments(operator, [left.type, right.type])
    const result = operator === '*' ? times(a, b) : plus(a, operator === '-' ? negative(b) : b)
    if (!fits(result, 38)) throw new SnowflakeError('Number out of representable range')
    return cast(result, type, type)
  })
}

const exactColumn = (column: Column): Column => {
  if (column.type.name === 'NUMBER') return column
  if (column.type.name === 'NULL') return { ...column, type: number() }
  throw new LocalLimitError(`arithmetic with ${column.type.name}; cast it to NUMBER`)
}

const pairwise = (
  type: SnowflakeType,
  operands: SnowflakeType | undefined,
  left: Column,
  right: Column,
  apply: (left: Value, right: Value) => Value,
): Column => ({
  type,
  values: left.values.map((value, row) => {
    const other = right.values[row] ?? null
    if (value === null || other === null) return null
    return operands ? apply(cast(value, left.type, operands), cast(other, right.type, operands)) : apply(value, other)
  }),
})

const finite = (double: number): number => {
  if (!Number.isFinite(double)) throw new SnowflakeError('Number out of representable range')
  return double
}
