import { compilationError, LocalLimitError } from '../snowflake-error.ts'
import type { Expression, Name } from '../sql/index.ts'
import { cast, isArray, isDecimal, negative, type SnowflakeType, type Value, variant } from '../values/index.ts'
import { aggregates } from './aggregate.ts'
import { type BuiltInFunction, builtInFunctions, unsupportedFunctions } from './built-in-functions.ts'
import type { Column, Frame } from './frame.ts'
import { applyOperator } from './operators.ts'
import { contextFunctions, contextValue, type Execution } from './session-context.ts'

/** A function that was created: called once with the values of all rows, so that it can make batches of them. */
type UserDefinedFunction = (columns: readonly Column[], length: number, execution: Execution) => Promise<Column>

/** The function that was created under a name and takes such arguments. */
export type FindFunction = (
  name: Name,
  types: readonly SnowflakeType[],
  execution: Execution,
) => UserDefinedFunction | undefined

/** The rows of a view of Snowflake's own. */
export type FindView = (name: Name, execution: Execution) => Frame | undefined

export interface Scope {
  readonly execution: Execution
  readonly frame: Frame
  /** Over all rows at once: only what an aggregate makes of a column has a value. */
  readonly grouped: boolean
  readonly findFunction: FindFunction
  readonly findView: FindView
}

/** Evaluates an expression for all rows together, a column at a time: so the rows of an external function form batches. */
export const evaluate = async (expression: Expression, scope: Scope): Promise<Column> => {
  switch (expression.kind) {
    case 'literal':
      return constant(expression.type, expression.value, scope)
    case 'column':
      return column(expression.name, scope)
    case 'variable':
      return variable(expression.name, scope)
    case 'bind': {
      const bind = scope.execution.binds[expression.position - 1]
      if (!bind) throw compilationError(`Bind variable :${expression.position} not set.`)
      return constant(bind.type, bind.values[0] ?? null, scope)
    }
    case 'call':
      return call(expression, scope)
    case 'cast': {
      const { to } = expression
      const { type, values } = await evaluate(expression.operand, scope)
      return { type: to, values: values.map((value) => cast(value, type, to)) }
    }
    case 'path': {
      const operand = await evaluate(expression.operand, scope)
      return { type: variant, values: operand.values.map((value) => member(value, expression.key)) }
    }
    case 'isNull': {
      const { values } = await evaluate(expression.operand, scope)
      return { type: { name: 'BOOLEAN' }, values: values.map((value) => value === null) }
    }
    case 'not': {
      const { type, values } = await evaluate(expression.operand, scope)
      const truths = values.map((value) => cast(value, type, { name: 'BOOLEAN' }))
      return { type: { name: 'BOOLEAN' }, values: truths.map((value) => (value === null ? null : !value)) }
    }
    case 'negative': {
      const { type, values } = await evaluate(expression.operand, scope)
      if (type.name !== 'NUMBER' && type.name !== 'FLOAT' && type.name !== 'NULL') {
        throw new LocalLimitError(`a minus before ${type.name}; cast it to NUMBER`)
      }
      return {
        type,
        values: values.map((value) => (value !== null && isDecimal(value) ? negative(value) : value && -value)),
      }
    }
    case 'binary': {
      const left = await evaluate(expression.left, scope)
      return applyOperator(expression.operator, left, await evaluate(expression.right, scope))
    }
  }
}

const constant = (type: SnowflakeType, value: Value, { frame, grouped }: Scope): Column => ({
  type,
  values: new Array<Value>(grouped ? 1 : frame.length).fill(value),
})

const column = (name: Name, scope: Scope): Column => {
  const [last = '', table] = name.toReversed()
  const found = scope.frame.columns.filter((one) => one.name === last && (table === undefined || one.table === table))
  const [first] = found
  if (first && name.length <= 2) {
    if (found.length > 1) throw compilationError(`ambiguous column name '${last}'`)
    if (scope.grouped)
      throw compilationError(`'${name.join('.')}' in select clause is neither an aggregate nor in the group by clause.`)
    return first
  }
  // CURRENT_USER and its like may stand without parentheses.
  const value = table === undefined ? contextValue(last, scope.execution) : undefined
  if (value) return constant(value.type, value.value, scope)
  throw compilationError(`invalid identifier '${name.join('.')}'`, { code: '000904', sqlState: '42000' })
}

/** `$1` is a column by its position, `$name` a variable of the session. */
const variable = (name: string, scope: Scope): Column => {
  const positional = /^\d+$/.test(name) && !scope.grouped ? scope.frame.columns[Number(name) - 1] : undefined
  if (positional) return positional
  const sessionVariable = scope.execution.session.variables.get(name)
  if (!sessionVariable) throw compilationError(`Session variable '$${name}' does not exist`)
  return constant(sessionVariable.type, sessionVariable.values[0] ?? null, scope)
}

const member = (value: Value, key: string | number): Value => {
  if (typeof key === 'string') return value instanceof Map ? (value.get(key) ?? null) : null
  return value !== null && isArray(value) ? (value[key] ?? null) : null
}

const call = async (
  { name, arguments: argumentExpressions, star }: Expression & { kind: 'call' },
  scope: Scope,
): Promise<Column> => {
  const plain = name.length === 1 ? (name[0] ?? '') : ''
  const aggregate = aggregates.get(plain)
  if (aggregate) {
    if (!scope.grouped) throw compilationError(`Invalid aggregate function in where clause [${plain}]`)
    if (star ? plain !== 'COUNT' : argumentExpressions.length !== 1) throw wrongCount(plain)
    const rows = { ...scope, grouped: false }
    const everyRow = constant({ name: 'BOOLEAN' }, true, rows)
    const { type, value } = aggregate(
      star || !argumentExpressions[0] ? everyRow : await evaluate(argumentExpressions[0], rows),
    )
    return { type, values: [value] }
  }
  if (star) throw compilationError(`Invalid use of '*' in ${name.join('.')}`)
  if (plain === 'SEQ4' || plain === 'SEQ8') return sequence(scope)
  const columns: Column[] = []
  for (const one of argumentExpressions) columns.push(await evaluate(one, scope))
  const types = columns.map(({ type }) => type)
  const builtIn = builtInFunctions.get(plain)
  if (builtIn) {
    if (argumentExpressions.length < builtIn.minArguments || argumentExpressions.length > builtIn.maxArguments)
      throw wrongCount(plain)
    return {
      type: builtIn.returnType(types),
      values: rowsOf(columns, scope).map((row) => applyBuiltIn(row, types, builtIn)),
    }
  }
  const value = argumentExpressions.length === 0 ? contextValue(plain, scope.execution) : undefined
  if (value) return constant(value.type, value.value, scope)
  const userFunction = scope.findFunction(name, types, scope.execution)
  if (userFunction) return userFunction(columns, rowCount(scope), scope.execution)
  if (unsupportedFunctions.has(plain))
    throw new LocalLimitError(`the function ${plain}. It has ${supportedFunctions().join(', ')}`)
  throw compilationError(`Unknown function ${name.join('.')}`, { code: '002140', sqlState: '42601' })
}

const rowCount = ({ grouped, frame }: Scope): number => (grouped ? 1 : frame.length)

const rowsOf = (columns: readonly Column[], scope: Scope): readonly (readonly Value[])[] =>
  Array.from({ length: rowCount(scope) }, (_, row) => columns.map(({ values }) => values[row] ?? null))

const applyBuiltIn = (row: readonly Value[], types: readonly SnowflakeType[], builtIn: BuiltInFunction): Value => {
  const { argumentType, acceptsNull, apply } = builtIn
  if (!acceptsNull && row.includes(null)) return null
  if (!argumentType) return apply(row, types)
  return apply(
    row.map((value, at) => cast(value, types[at] ?? argumentType, argumentType)),
    row.map(() => argumentType),
  )
}

const sequence = (scope: Scope): Column => ({
  type: { name: 'NUMBER', precision: 38, scale: 0 },
  values: Array.from({ length: rowCount(scope) }, (_, row) => ({ units: BigInt(row), scale: 0 })),
})

const wrongCount = (name: string) => compilationError(`wrong number of arguments for function ${name}`)

const supportedFunctions = () => [...builtInFunctions.keys(), ...aggregates.keys(), ...contextFunctions.keys(), 'SEQ4']
