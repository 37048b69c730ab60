import type { CallExternalFunction } from '../caller/index.ts'
import {
  type Catalogue,
  type CatalogueFunction,
  checkProxyUrl,
  findObject,
  fullName,
  type ObjectDefinitionOf,
} from './catalogue/index.ts'
import { type CallUdf, resolveUdf } from './python-udf.ts'
import { type Column, contextValue, type Execution, type FindFunction } from './query/index.ts'
import { LocalLimitError, SnowflakeError } from './snowflake-error.ts'
import { cast, type Json, toJson, toText, typeText, type Value, variant } from './values/index.ts'

interface UserDefinedFunctionDependencies {
  readonly catalogue: Catalogue
  readonly callExternal: CallExternalFunction
  readonly callUdf: CallUdf
}

/** Finds the function that was created under a name and takes such arguments. */
export const createFunctionFinder = ({
  catalogue,
  callExternal,
  callUdf,
}: UserDefinedFunctionDependencies): FindFunction => {
  return (name, types, { session }) => {
    const prefix = `${fullName('FUNCTION', name, session)}(`
    const overloads = [...catalogue.functions]
      .filter(([key, { creation }]) => key.startsWith(prefix) && creation.parameters.length === types.length)
      .map(([, userFunction]) => userFunction)
    const exact = overloads.filter(({ creation }) =>
      creation.parameters.every(({ type }, at) => type.name === types[at]?.name),
    )
    const [userFunction, ...others] = exact.length > 0 ? exact : overloads
    if (!userFunction) return undefined
    if (others.length > 0)
      throw new LocalLimitError(`a choice among the overloads of ${name.join('.')}; cast the arguments`)
    return (columns, length, execution) => call(userFunction, columns, { length, execution })
  }

  interface CallContext {
    readonly length: number
    readonly execution: Execution
  }

  async function call(
    userFunction: CatalogueFunction,
    columns: readonly Column[],
    context: CallContext,
  ): Promise<Column> {
    const { strict, notNull, returns, parameters } = userFunction.creation
    const rows = Array.from({ length: context.length }, (_, row) =>
      columns.map(({ type, values }, at): Json => {
        const to = parameters[at]?.type ?? type
        return toJson(cast(values[row] ?? null, type, to), to)
      }),
    )
    const sentRows = [...rows.keys()].filter((row) => !strict || !rows[row]?.includes(null))
    const results = await send(
      userFunction,
      sentRows.map((row) => rows[row] ?? []),
      context,
    )
    const values: Value[] = new Array<Value>(context.length).fill(null)
    for (const [index, row] of sentRows.entries()) values[row] = cast(results[index] ?? null, variant, returns)
    if (notNull && values.includes(null)) {
      throw new SnowflakeError('NULL result in a non-nullable column', { code: '100072', sqlState: '22000' })
    }
    return { type: returns, values }
  }

  function send(
    userFunction: CatalogueFunction,
    rows: readonly (readonly Json[])[],
    context: CallContext,
  ): Promise<readonly Json[]> {
    const { definition } = userFunction
    if (definition.kind === 'PYTHON FUNCTION')
      return callUdf(resolveUdf(userFunction, definition, catalogue, context.execution), rows)
    return callExternal({ ...externalCall(userFunction, definition, context), rows })
  }

  function externalCall(
    userFunction: CatalogueFunction,
    definition: ObjectDefinitionOf<'EXTERNAL FUNCTION'>,
    { execution }: CallContext,
  ) {
    const { body, parameters, returns } = userFunction.creation
    const integration = findObject(catalogue, 'INTEGRATION', definition.API_INTEGRATION, execution.session)
    const { API_AWS_ROLE_ARN, API_KEY } = checkProxyUrl(body, integration)
    return {
      name: userFunction.name,
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
