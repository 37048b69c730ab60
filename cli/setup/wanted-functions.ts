import type { SnowflakeCaller } from '../../shared/access/index.ts'
import { snowflakeNames } from '../../shared/access/index.ts'
import type { DeployedApi } from './deployed-api.ts'
import { functionsOf, pythonBody, type Way } from './setup-script.ts'
import type { SqlParameter } from './sql-functions.ts'

/** A function that the script of a caller creates, as DESC FUNCTION knows it. */
export interface WantedFunction {
  readonly name: string
  /** `"SNOWGATE"."DEV"."HELLO"(VARCHAR)` */
  readonly call: string
  readonly parameters: readonly SqlParameter[]
  /** The URL of an external function, else the source. */
  readonly body: string
}

interface Order {
  readonly name: string
  readonly caller: SnowflakeCaller
  readonly api: DeployedApi
}

export const wantedFunctions = ({ name: callerName, caller, api }: Order, way: Way): readonly WantedFunction[] => {
  const { database, schema } = snowflakeNames(api.stage, callerName)
  const wanted = (name: string, parameters: readonly SqlParameter[], body: string): WantedFunction => ({
    name,
    parameters,
    body,
    call: `"${database}"."${schema}"."${name}"(${parameters.map(({ type }) => type).join(', ')})`,
  })
  return functionsOf(callerName, caller).flatMap(({ path, external, python }) =>
    way === 'external-functions'
      ? external.signatures.map((parameters) => wanted(external.name, parameters, `${api.url}${path}`))
      : python.map((udf) => wanted(udf.name, udf.parameters, pythonBody(udf, path, api))),
  )
}
