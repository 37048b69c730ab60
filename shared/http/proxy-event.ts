import type { APIGatewayProxyEvent } from 'aws-lambda'

/** The used part of a REST API proxy event; `headers` by lower-case name, because API Gateway keeps the sender's case. */
export interface ProxyEvent {
  readonly method: string
  readonly path: string
  readonly headers: ReadonlyMap<string, string>
  readonly query: Readonly<Record<string, string>>
  /** Bytes if API Gateway sent base64, otherwise text, which is never compressed. */
  readonly body: string | Buffer
  /** API Gateway's request id, which the caller gets in `x-amzn-RequestId`. */
  readonly requestId: string | undefined
  readonly callerArn: string | undefined
}

/**
 * Parses a proxy event (payload 1.0); undefined for any other event: a console test event, a
 * direct invocation. Absent values arrive as null.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const parseProxyEvent = (event: unknown): ProxyEvent | undefined => {
  if (!isRecord(event)) return undefined
  const { httpMethod, path, headers, queryStringParameters, body, isBase64Encoded, requestContext } = event as Partial<
    Record<keyof APIGatewayProxyEvent, unknown>
  > // every member is still unknown
  if (typeof httpMethod !== 'string' || !isRecord(requestContext)) return undefined
  const { requestId, identity } = requestContext
  return {
    method: httpMethod,
    path: asString(path) ?? '',
    headers: new Map(Object.entries(stringEntries(headers)).map(([name, value]) => [name.toLowerCase(), value])),
    query: stringEntries(queryStringParameters),
    body: isBase64Encoded === true ? Buffer.from(asString(body) ?? '', 'base64') : (asString(body) ?? ''),
    requestId: asString(requestId),
    callerArn: isRecord(identity) ? asString(identity['userArn']) : undefined,
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const stringEntries = (value: unknown): Record<string, string> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => asString(entry[1]) !== undefined),
      )
    : {}
