import { LocalLimitError } from '../snowflake-error.ts'
import type { Expression } from '../sql/index.ts'
import { cast, isDecimal, number, plus, type SnowflakeType, type Value } from '../values/index.ts'
import type { Column } from './frame.ts'
import { compare } from './operators.ts'

type Aggregate = (column: Column) => { readonly type: SnowflakeType; readonly value: Value }

const nonNullValues = ({ values }: Column): readonly Value[] => values.filter((value) => value !== null)

const extreme =
  (sign: number): Aggregate =>
  (column) => ({
    type: column.type,
    value: nonNullValues(column).reduce<Value>(
      (best, value) => (best === null || compare(value, best) === sign ? value : best),
      null,
    ),
  })

const sum: Aggregate = (column) => {
  if (column.type.name !== 'NUMBER' && column.type.name !== 'FLOAT')
    throw new LocalLimitError(`SUM of ${column.type.name}`)
  const type = column.type.name === 'NUMBER' ? number(38, column.type.scale) : column.type
  return {
    type,
    value: nonNullValues(column).reduce<Value>((total, value) => {
      if (isDecimal(value) && total !== null && isDecimal(total)) return cast(plus(total, value), type, type)
      return total === null ? value : Number(total) + Number(value)
    }, null),
  }
}

/** Over all rows there are: GROUP BY is missing here. */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map([
  [
    'COUNT',
    (column): ReturnType<Aggregate> => ({
      type: number(18),
      value: { units: BigInt(nonNullValues(column).length), scale: 0 },
    }),
  ],
  ['SUM', sum],
  ['MIN', extreme(-1)],
  ['MAX', extreme(1)],
])

export const hasAggregate = (expression: Expression): boolean => {
  if (expression.kind === 'call') {
    return aggregates.has(expression.name.join('.')) || expression.arguments.some(hasAggregate)
  }
  if (expression.kind === 'binary') return hasAggregate(expression.left) || hasAggregate(expression.right)
  return 'operand' in expression && hasAggregate(expression.operand)
}
