import { LocalLimit } from '../errors.ts'
import type { Expression } from '../sql/index.ts'
import { cast, isDecimal, number, plus, type SnowflakeType, type Value } from '../values/index.ts'
import { compare } from './compare.ts'
import type { Column } from './frame.ts'

type Aggregate = (column: Column) => { readonly type: SnowflakeType; readonly value: Value }

const present = ({ values }: Column): readonly Value[] => values.filter((value) => value !== null)

const extreme =
  (wanted: number): Aggregate =>
  (column) => ({
    type: column.type,
    value: present(column).reduce<Value>(
      (best, value) => (best === null || compare(value, best) === wanted ? value : best),
      null,
    ),
  })

const sum: Aggregate = (column) => {
  if (column.type.name !== 'NUMBER' && column.type.name !== 'FLOAT') throw new LocalLimit(`SUM of ${column.type.name}`)
  const type = column.type.name === 'NUMBER' ? number(38, column.type.scale) : column.type
  return {
    type,
    value: present(column).reduce<Value>((total, value) => {
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
      value: { units: BigInt(present(column).length), scale: 0 },
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
