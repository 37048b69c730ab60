import { compilationError, LocalLimitError } from '../snowflake-error.ts'
import type { CatalogueObject } from './catalogue.ts'
import type { ObjectDefinitionOf } from './object-definitions.ts'

/** No custom domain, no edge endpoint. https://docs.snowflake.com/en/sql-reference/external-functions-introduction */
const executeApiUrl = /^https:\/\/[^/?#]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//

/** The integration through which the URL may be called, or why it may not. */
export const checkProxyUrl = (
  url: string,
  { name, definition }: CatalogueObject,
): ObjectDefinitionOf<'API INTEGRATION'> => {
  if (definition.kind !== 'API INTEGRATION') throw compilationError(`Integration '${name}' is not an API integration.`)
  const { ENABLED, API_ALLOWED_PREFIXES, API_BLOCKED_PREFIXES } = definition
  if (!executeApiUrl.test(url) || !URL.canParse(url)) {
    throw compilationError(
      `'${url}' is not a URL of an API Gateway: https://<api>.execute-api.<region>.amazonaws.com/<stage>/<resource>.`,
    )
  }
  if (/[?#]/.test(url)) throw new LocalLimitError('a query string in the URL of an external function')
  if (!ENABLED) throw compilationError(`Integration '${name}' is not enabled.`)
  if (!API_ALLOWED_PREFIXES.some((prefix) => url.startsWith(prefix))) {
    throw compilationError(`'${url}' begins with none of API_ALLOWED_PREFIXES of integration '${name}'.`)
  }
  const blocked = API_BLOCKED_PREFIXES.find((prefix) => url.startsWith(prefix))
  if (blocked !== undefined) {
    throw compilationError(`'${url}' begins with '${blocked}', one of API_BLOCKED_PREFIXES of integration '${name}'.`)
  }
  return definition
}
