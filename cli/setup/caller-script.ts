import { join } from 'node:path'
import {
  callerRoleName,
  partitionOf,
  roleArn,
  type SnowflakeCaller,
  snowflakeNames,
} from '../../shared/access/index.ts'
import { CommandFailure } from '../command-failure.ts'
import type { DeployedApi } from '../deploy/deployed-api.ts'
import { type PythonFunction, type SqlFunction, type SqlParameter, sqlFunctions } from './sql-functions.ts'
import {
  fillSqlFile,
  fillTemplate,
  pythonQuoting,
  readTemplate,
  sqlQuoting,
  type TemplateValues,
} from './sql-templates.ts'

/** The two ways from Snowflake into the service. */
export const connectionMethods = ['external-functions', 'external-access'] as const
export type ConnectionMethod = (typeof connectionMethods)[number]

interface CallerScriptOptions {
  /** Its name on the map. */
  readonly name: string
  readonly caller: SnowflakeCaller
  readonly api: DeployedApi
  readonly methods: readonly ConnectionMethod[]
}

/** Everything that a Snowflake account needs to call the routes that the map gives it, as one script. */
export const callerScript = ({ name, caller, api, methods }: CallerScriptOptions): string => {
  const functions = sqlFunctionsOf(name, caller)
  const names = snowflakeNames(api.stage, name)
  const values: TemplateValues = {
    ...names,
    roleArn: roleArn(partitionOf(api.region), api.accountId, callerRoleName(api.stage, name)),
    host: api.host,
    // With its slash: /dev would be a prefix of /development as well.
    prefix: `${api.url}/`,
    apiProvider: { fragment: apiProviderOf(api.region) },
  }
  const scripts: Readonly<Record<ConnectionMethod, () => readonly string[]>> = {
    'external-functions': () => [
      fillSqlFile('api-integration.sql', values),
      ...functions.flatMap((one) => externalFunctions(one, api, values)),
    ],
    'external-access': () => [
      fillSqlFile('external-access.sql', values),
      ...functions.flatMap((one) => one.python.map((udf) => pythonFunction(udf, one.path, api, values))),
    ],
  }
  const integrations: Readonly<Record<ConnectionMethod, string>> = {
    'external-functions': names.apiIntegration,
    'external-access': names.securityIntegration,
  }
  const descriptions = methods.map((way) =>
    fillTemplate('DESC INTEGRATION "{{integration}}";', { integration: integrations[way] }, sqlQuoting),
  )
  return [
    `-- Snowflake calls snowgate: caller ${name}, stage ${api.stage}. Safe to run again.\n`,
    fillSqlFile('database-and-role.sql', values),
    ...methods.flatMap((way) => scripts[way]()),
    fillSqlFile('describe-integrations.sql', { descriptions: { fragment: descriptions.join('\n') } }),
  ].join('\n')
}

/** @throws CommandFailure where there is none */
const sqlFunctionsOf = (name: string, { routes }: SnowflakeCaller): readonly SqlFunction[] => {
  const posted = new Set(routes.flatMap(({ method, path }) => (method === 'POST' ? [path] : [])))
  const functions = sqlFunctions.filter(({ path }) => posted.has(path))
  if (functions.length > 0) return functions
  throw new CommandFailure(`Caller ${name} has no route for a SQL function.`, {
    remedy: `Snowflake sends rows with POST. Add one of these routes: ${sqlFunctions.map(({ path }) => `POST ${path}`).join(', ')}.`,
  })
}

/** Regional endpoints; China takes the same word. https://docs.snowflake.com/en/sql-reference/sql/create-api-integration */
const apiProviderOf = (region: string) =>
  partitionOf(region) === 'aws-us-gov' ? 'aws_gov_api_gateway' : 'aws_api_gateway'

const externalFunctions = ({ path, external }: SqlFunction, api: DeployedApi, values: TemplateValues) =>
  external.signatures.map((parameters) =>
    fillSqlFile('external-function.sql', {
      ...values,
      ...signatureFragments(parameters),
      function: external.name,
      comment: external.comment,
      url: `${api.url}${path}`,
    }),
  )

const pythonFunction = (udf: PythonFunction, path: string, api: DeployedApi, values: TemplateValues): string => {
  return fillSqlFile('udf.sql', {
    ...values,
    ...signatureFragments(udf.parameters),
    function: udf.name,
    comment: udf.comment,
    handler: udf.handler,
    returns: { fragment: udf.returns },
    packages: { fragment: udf.packages.map((one) => fillTemplate("'{{one}}'", { one }, sqlQuoting)).join(', ') },
    body: { fragment: pythonBody(udf, path, api) },
  })
}

const pythonBody = (udf: PythonFunction, path: string, api: DeployedApi): string => {
  const values = { url: `${api.url}${path}`, region: api.region }
  const body = fillTemplate(readTemplate(join('udf', udf.body)), values, pythonQuoting).trimEnd()
  if (body.includes('$$')) throw new TypeError(`${udf.body} holds $$, which would end it.`)
  return body
}

const signatureFragments = (parameters: readonly SqlParameter[]) => ({
  parameters: {
    fragment: parameters
      .map(({ name, type }) => `${fillTemplate('"{{name}}"', { name }, sqlQuoting)} ${type}`)
      .join(', '),
  },
  types: { fragment: parameters.map(({ type }) => type).join(', ') },
})

/** A function that the script of a caller creates, as DESC FUNCTION knows it. */
export interface ExpectedFunction {
  readonly name: string
  /** `"SNOWGATE"."DEV"."HELLO"(VARCHAR)` */
  readonly call: string
  readonly parameters: readonly SqlParameter[]
  /** The URL of an external function, else the source. */
  readonly body: string
}

interface SqlFunctionOptions {
  readonly name: string
  readonly caller: SnowflakeCaller
  readonly api: DeployedApi
}

export const expectedFunctions = (
  { name: callerName, caller, api }: SqlFunctionOptions,
  way: ConnectionMethod,
): readonly ExpectedFunction[] => {
  const { database, schema } = snowflakeNames(api.stage, callerName)
  const expected = (name: string, parameters: readonly SqlParameter[], body: string): ExpectedFunction => ({
    name,
    parameters,
    body,
    call: `"${database}"."${schema}"."${name}"(${parameters.map(({ type }) => type).join(', ')})`,
  })
  return sqlFunctionsOf(callerName, caller).flatMap(({ path, external, python }) =>
    way === 'external-functions'
      ? external.signatures.map((parameters) => expected(external.name, parameters, `${api.url}${path}`))
      : python.map((udf) => expected(udf.name, udf.parameters, pythonBody(udf, path, api))),
  )
}
