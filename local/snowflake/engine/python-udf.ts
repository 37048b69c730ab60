import type { AssumeRole, AwsCredentials } from '../caller/index.ts'
import { type Catalogue, type CatalogueFunction, findObject, type ObjectDefinitionOf } from './catalogue/index.ts'
import type { Execution } from './query/index.ts'
import { compilationError, LocalLimitError } from './snowflake-error.ts'
import { isArray, type Json, jsonText, parseJson } from './values/index.ts'

/** A Python UDF and what Snowflake lets it reach. */
export interface Udf {
  readonly name: string
  readonly handler: string
  readonly runtimeVersion: string
  readonly packages: readonly string[]
  readonly body: string
  /** `host` or `host:port`, of its network rules. */
  readonly allowedHosts: readonly string[]
  /** By the alias in SECRETS: the role to assume for its cloud provider token. */
  readonly tokens: readonly { readonly alias: string; readonly roleArn: string; readonly externalId: string }[]
}

export interface UdfRun {
  readonly udf: Udf
  /** By alias, fresh for this run. */
  readonly credentials: Readonly<Record<string, AwsCredentials>>
  /** JSON text: an array of rows, each an array of the handler's arguments. */
  readonly rows: string
}

/** Runs the handler for each row and answers with a JSON array of its results; JSON text keeps every digit. */
export type RunUdf = (run: UdfRun) => Promise<string>

export type CallUdf = (udf: Udf, rows: readonly (readonly Json[])[]) => Promise<readonly Json[]>

export const createCallUdf =
  (runUdf: RunUdf | undefined, assumeRole: AssumeRole): CallUdf =>
  async (udf, rows) => {
    if (!runUdf) throw new LocalLimitError(`a Python runtime for ${udf.name}`)
    const credentials = await Promise.all(
      udf.tokens.map(async ({ alias, roleArn, externalId }) => [alias, await assumeRole(roleArn, externalId)] as const),
    )
    const answer = await runUdf({ udf, credentials: Object.fromEntries(credentials), rows: jsonText(rows) })
    const results = parseJson(answer)
    if (results === null || !isArray(results) || results.length !== rows.length) {
      throw new TypeError(`The runner of ${udf.name} did not return an array of ${rows.length} results.`)
    }
    return results
  }

/** https://docs.snowflake.com/en/developer-guide/external-network-access/creating-using-external-network-access */
export const resolveUdf = (
  { name, creation }: CatalogueFunction,
  definition: ObjectDefinitionOf<'PYTHON FUNCTION'>,
  catalogue: Catalogue,
  { session }: Execution,
): Udf => {
  const enabledIntegrations = definition.EXTERNAL_ACCESS_INTEGRATIONS.map((one) =>
    findObject(catalogue, 'INTEGRATION', one, session),
  ).flatMap((object) =>
    object.definition.kind === 'EXTERNAL ACCESS INTEGRATION' && object.definition.ENABLED ? [object.definition] : [],
  )
  const hosts = enabledIntegrations
    .flatMap(({ ALLOWED_NETWORK_RULES }) => ALLOWED_NETWORK_RULES)
    .flatMap((rule) => {
      const object = findObject(catalogue, 'NETWORK RULE', rule, session).definition
      return object.kind === 'NETWORK RULE' ? object.VALUE_LIST : []
    })
  const allowed = enabledIntegrations.flatMap(({ ALLOWED_AUTHENTICATION_SECRETS }) => ALLOWED_AUTHENTICATION_SECRETS)
  const allowedSecrets = new Set(allowed.map((secret) => findObject(catalogue, 'SECRET', secret, session)))
  const tokens = definition.SECRETS.map(([alias, secretName]) => {
    const secret = findObject(catalogue, 'SECRET', secretName, session)
    if (!allowedSecrets.has(secret)) {
      throw compilationError(
        `Secret '${secret.name}' is in ALLOWED_AUTHENTICATION_SECRETS of no integration of ${name}.`,
      )
    }
    const source = secret.definition.kind === 'SECRET' ? secret.definition.API_AUTHENTICATION : []
    const { definition: security, externalId } = findObject(catalogue, 'INTEGRATION', source, session)
    if (security.kind !== 'SECURITY INTEGRATION' || !security.ENABLED) {
      throw compilationError(`Integration '${source.join('.')}' is not an enabled security integration.`)
    }
    return { alias, roleArn: security.AWS_ROLE_ARN, externalId }
  })
  const { HANDLER, RUNTIME_VERSION, PACKAGES } = definition
  const { body } = creation
  return {
    name,
    handler: HANDLER,
    runtimeVersion: RUNTIME_VERSION,
    packages: PACKAGES,
    body,
    allowedHosts: hosts,
    tokens,
  }
}
