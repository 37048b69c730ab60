import { join } from 'node:path'
import { doorRoleName, partitionOf, roleArn, type SnowflakeCaller, snowflakeNames } from '../../shared/access/index.ts'
import { CommandFailure } from '../command-failure.ts'
import type { DeployedApi } from './deployed-api.ts'
import { fillTemplate, python, sql, type Values } from './fill-template.ts'
import { type PythonFunction, type SqlFunction, type SqlParameter, sqlFunctions } from './sql-functions.ts'
import { fill, template } from './templates.ts'

/** The two ways from Snowflake into the service. */
export const ways = ['external-functions', 'external-access'] as const
export type Way = (typeof ways)[number]

export interface Order {
  /** Its name on the map. */
  readonly name: string
  readonly caller: SnowflakeCaller
  readonly api: DeployedApi
  readonly ways: readonly Way[]
}

/** Everything that a Snowflake account needs to call the routes that the map gives it, as one script. */
export const setupScript = ({ name, caller, api, ways: wanted }: Order): string => {
  const functions = functionsOf(name, caller)
  const names = snowflakeNames(api.stage, name)
  const values: Values = {
    ...names,
    roleArn: roleArn(partitionOf(api.region), api.accountId, doorRoleName(api.stage, name)),
    host: api.host,
    // With its slash: /dev would be a prefix of /development as well.
    prefix: `${api.url}/`,
    apiProvider: { fragment: providerOf(api.region) },
  }
  const scripts: Readonly<Record<Way, () => readonly string[]>> = {
    'external-functions': () => [
      fill('api-integration.sql', values),
      ...functions.flatMap((one) => externalFunctions(one, api, values)),
    ],
    'external-access': () => [
      fill('external-access.sql', values),
      ...functions.flatMap((one) => one.python.map((udf) => pythonFunction(udf, one.path, api, values))),
    ],
  }
  const integrations: Readonly<Record<Way, string>> = {
    'external-functions': names.apiIntegration,
    'external-access': names.securityIntegration,
  }
  const descriptions = wanted.map((way) =>
    fillTemplate('DESC INTEGRATION "{{integration}}";', { integration: integrations[way] }, sql),
  )
  return [
    `-- Snowflake calls snowgate: caller ${name}, stage ${api.stage}. Safe to run again.\n`,
    fill('namespace.sql', values),
    ...wanted.flatMap((way) => scripts[way]()),
    fill('step-two.sql', { descriptions: { fragment: descriptions.join('\n') } }),
  ].join('\n')
}

/** @throws CommandFailure where there is none */
export const functionsOf = (name: string, { routes }: SnowflakeCaller): readonly SqlFunction[] => {
  const posted = new Set(routes.flatMap(({ method, path }) => (method === 'POST' ? [path] : [])))
  const functions = sqlFunctions.filter(({ path }) => posted.has(path))
  if (functions.length > 0) return functions
  throw new CommandFailure(`Caller ${name} has no route for a SQL function.`, {
    remedy: `Snowflake sends rows with POST. Add one of these routes: ${sqlFunctions.map(({ path }) => `POST ${path}`).join(', ')}.`,
  })
}

/** Regional endpoints; China takes the same word. https://docs.snowflake.com/en/sql-reference/sql/create-api-integration */
const providerOf = (region: string) =>
  partitionOf(region) === 'aws-us-gov' ? 'aws_gov_api_gateway' : 'aws_api_gateway'

const externalFunctions = ({ path, external }: SqlFunction, api: DeployedApi, values: Values) =>
  external.signatures.map((parameters) =>
    fill('external-function.sql', {
      ...values,
      ...signature(parameters),
      function: external.name,
      comment: external.comment,
      url: `${api.url}${path}`,
    }),
  )

const pythonFunction = (udf: PythonFunction, path: string, api: DeployedApi, values: Values): string => {
  return fill('udf.sql', {
    ...values,
    ...signature(udf.parameters),
    function: udf.name,
    comment: udf.comment,
    handler: udf.handler,
    returns: { fragment: udf.returns },
    packages: { fragment: udf.packages.map((one) => fillTemplate("'{{one}}'", { one }, sql)).join(', ') },
    body: { fragment: pythonBody(udf, path, api) },
  })
}

export const pythonBody = (udf: PythonFunction, path: string, api: DeployedApi): string => {
  const values = { url: `${api.url}${path}`, region: api.region }
  const body = fillTemplate(template(join('udf', udf.body)), values, python).trimEnd()
  if (body.includes('$$')) throw new TypeError(`${udf.body} holds $$, which would end it.`)
  return body
}

const signature = (parameters: readonly SqlParameter[]) => ({
  parameters: {
    fragment: parameters.map(({ name, type }) => `${fillTemplate('"{{name}}"', { name }, sql)} ${type}`).join(', '),
  },
  types: { fragment: parameters.map(({ type }) => type).join(', ') },
})
