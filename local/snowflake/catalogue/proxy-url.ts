import { compilationError, LocalLimit } from '../errors.ts'
import type { HeldObject } from './catalogue.ts'
import type { DefinitionOf } from './definition.ts'

/** No custom domain, no edge endpoint. https://docs.snowflake.com/en/sql-reference/external-functions-introduction */
const executeApi = /^https:\/\/[^/?#]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//

/** The integration through which the URL may be called, or why it may not. */
export const checkUrl = (url: string, { name, definition }: HeldObject): DefinitionOf<'API INTEGRATION'> => {
  if (definition.kind !== 'API INTEGRATION') throw compilationError(`Integration '${name}' is no API integration.`)
  const { ENABLED, API_ALLOWED_PREFIXES, API_BLOCKED_PREFIXES } = definition
  if (!executeApi.test(url) || !URL.canParse(url)) {
    throw compilationError(
      `'${url}' is no URL of an API Gateway: https://<api>.execute-api.<region>.amazonaws.com/<stage>/<resource>.`,
    )
  }
  if (/[?#]/.test(url)) throw new LocalLimit('a query string in the URL of an external function')
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
