import jsonBodyParser from '@middy/http-json-body-parser'
import { ServiceError } from '../errors/index.ts'
import { bodyText } from './body.ts'
import { holdsInexactNumbers, parseExactly, parseJson } from './json-text.ts'
import type { ProxyEvent } from './proxy-event.ts'

const parser = jsonBodyParser()

/** The input of an ordinary request: its JSON body, or its query parameters where nothing was sent. */
export const readInput = async (http: ProxyEvent): Promise<unknown> => {
  if (http.body.length === 0) return http.query
  const text = await bodyText(http)
  const parsed = { event: { headers: { 'content-type': http.headers.get('content-type') }, body: text as unknown } }
  try {
    parser.before?.(parsed as never) // the parser reads these members alone
    return holdsInexactNumbers(text) ? parseExactly(text) : parsed.event.body
  } catch (error) {
    const undeclared = error instanceof Error && 'statusCode' in error && error.statusCode === 415
    throw new ServiceError(undeclared ? 'CONTENT_TYPE_NOT_JSON' : 'BODY_NOT_JSON')
  }
}

/** The body of a batch, whose headers say that it is JSON. No member of a row's data is refused for its name. */
export const parseBatch = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    // A syntax error quotes the data, and is not passed on; nesting that exhausts the stack ends here as well.
    throw new ServiceError('BODY_NOT_JSON')
  }
}
