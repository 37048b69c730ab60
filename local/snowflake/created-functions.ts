import type { Caller } from './caller/index.ts'
import {
  type Catalogue,
  checkUrl,
  type DefinitionOf,
  findObject,
  fullName,
  type HeldFunction,
} from './catalogue/index.ts'
import { LocalLimit, SnowflakeError } from './errors.ts'
import { type Column, contextValue, type Execution, type FindFunction } from './query/index.ts'
import { type CallUdf, udfCall } from './udf.ts'
import { cast, type Json, toJson, toText, typeText, type Value, variant } from './values/index.ts'

interface Needs {
  readonly catalogue: Catalogue
  readonly callExternal: Caller
  readonly callUdf: CallUdf
}

/** Finds the function that was created under a name and takes such arguments. */
export const createFunctionFinder = ({ catalogue, callExternal, callUdf }: Needs): FindFunction => {
  return (name, types, { session }) => {
    const prefix = `${fullName('FUNCTION', name, session)}(`
    const overloads = [...catalogue.functions]
      .filter(([key, { creation }]) => key.startsWith(prefix) && creation.parameters.length === types.length)
      .map(([, held]) => held)
    const exact = overloads.filter(({ creation }) =>
      creation.parameters.every(({ type }, at) => type.name === types[at]?.name),
    )
    const [held, ...others] = exact.length > 0 ? exact : overloads
    if (!held) return undefined
    if (others.length > 0) throw new LocalLimit(`a choice among the overloads of ${name.join('.')}; cast the arguments`)
    return (columns, length, execution) => call(held, columns, { length, execution })
  }

  interface Place {
    readonly length: number
    readonly execution: Execution
  }

  async function call(held: HeldFunction, columns: readonly Column[], place: Place): Promise<Column> {
    const { strict, notNull, returns, parameters } = held.creation
    const rows = Array.from({ length: place.length }, (_, row) =>
      columns.map(({ type, values }, at): Json => {
        const to = parameters[at]?.type ?? type
        return toJson(cast(values[row] ?? null, type, to), to)
      }),
    )
    const sent = [...rows.keys()].filter((row) => !strict || !rows[row]?.includes(null))
    const answered = await send(
      held,
      sent.map((row) => rows[row] ?? []),
      place,
    )
    const values: Value[] = new Array<Value>(place.length).fill(null)
    for (const [index, row] of sent.entries()) values[row] = cast(answered[index] ?? null, variant, returns)
    if (notNull && values.includes(null)) {
      throw new SnowflakeError('NULL result in a non-nullable column', { code: '100072', sqlState: '22000' })
    }
    return { type: returns, values }
  }

  function send(held: HeldFunction, rows: readonly (readonly Json[])[], place: Place): Promise<readonly Json[]> {
    const { definition } = held
    if (definition.kind === 'PYTHON FUNCTION')
      return callUdf(udfCall(held, definition, catalogue, place.execution), rows)
    return callExternal({ ...externalCall(held, definition, place), rows })
  }

  function externalCall(held: HeldFunction, definition: DefinitionOf<'EXTERNAL FUNCTION'>, { execution }: Place) {
    const { body, parameters, returns } = held.creation
    const integration = findObject(catalogue, 'INTEGRATION', definition.API_INTEGRATION, execution.session)
    const { API_AWS_ROLE_ARN, API_KEY } = checkUrl(body, integration)
    return {
      name: held.name,
      signature: `(${parameters.map(({ name, type }) => `${name} ${type.name}`).join(', ')})`,
      returnType: typeText(returns),
      url: new URL(body),
      roleArn: API_AWS_ROLE_ARN,
      externalId: integration.externalId,
      apiKey: API_KEY,
      headers: definition.HEADERS,
      contextHeaders: definition.CONTEXT_HEADERS.map((name) => [name, contextText(name, execution)] as const),
      compression: definition.COMPRESSION,
      maxBatchRows: definition.MAX_BATCH_ROWS,
      queryId: execution.queryId,
      callNumber: execution.nextCallNumber(),
      signal: execution.signal,
    }
  }
}

const contextText = (name: string, execution: Execution): string => {
  const found = contextValue(name, execution)
  return (found && toText(found.value, found.type)) ?? ''
}
