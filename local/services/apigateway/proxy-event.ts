import { unescape as percentDecode } from 'node:querystring'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { RestApi } from '../../deployment/deployed-resources.ts'
import { headerValue, type WireRequest } from '../../http.ts'
import type { Principal } from '../../iam/index.ts'
import type { RouteMatch } from './method-routing.ts'

export interface ProxyEventInput {
  readonly request: WireRequest
  /** Inflated where the sender compressed it. */
  readonly body: Buffer
  /** Path below the stage, as requested. */
  readonly path: string
  readonly api: RestApi
  readonly accountId: string
  readonly match: RouteMatch
  /** The caller, with the access key used; absent under authorization NONE. */
  readonly caller?: { readonly principal: Principal; readonly accessKeyId: string }
  readonly now: Date
  readonly requestId: string
  readonly extendedRequestId: string
  readonly traceId: string
  readonly domainName: string
}

/**
 * The proxy event (payload 1.0) as the real service writes it: absent values are null, header names keep their case, the
 * SigV4 `Authorization` header is dropped while date and token headers pass.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html and recorded events.
 */
export const proxyEvent = (input: ProxyEventInput): APIGatewayProxyEvent => {
  const { request, body, path, api, match, now, requestId, extendedRequestId, domainName } = input
  const headers = headerLists(input)
  const query = queryLists(request.target)
  const binary = isBinary(api.binaryMediaTypes, headerValue(request, 'content-type'))
  return {
    resource: match.method.resourcePath,
    path,
    httpMethod: request.method,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    // The service sends null; the published types say otherwise for this one member.
    queryStringParameters: query && lastValues(query),
    multiValueQueryStringParameters: query,
    pathParameters: match.pathParameters && { ...match.pathParameters },
    stageVariables: null,
    requestContext: {
      resourceId: match.method.resourceId,
      resourcePath: match.method.resourcePath,
      httpMethod: request.method,
      extendedRequestId,
      requestTime: requestTime(now),
      path: `/${api.stage}${path}`,
      accountId: input.accountId,
      protocol: 'HTTP/1.1',
      stage: api.stage,
      domainPrefix: domainName.split('.')[0] ?? '',
      requestTimeEpoch: now.getTime(),
      requestId,
      identity: identity(input),
      domainName,
      ...{ deploymentId: api.deploymentId }, // spread, since the published type lacks it
      apiId: api.id,
      authorizer: undefined,
    },
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && body.length > 0,
  }
}

const identity = ({ request, caller }: ProxyEventInput): APIGatewayProxyEvent['requestContext']['identity'] => ({
  cognitoIdentityPoolId: null,
  accountId: caller?.principal.accountId ?? null,
  cognitoIdentityId: null,
  caller: caller?.principal.userId ?? null,
  sourceIp: request.sourceIp,
  principalOrgId: null,
  accessKey: caller?.accessKeyId ?? null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: caller?.principal.arn ?? null,
  userAgent: headerValue(request, 'user-agent') ?? null,
  user: caller?.principal.userId ?? null,
  apiKey: null,
  apiKeyId: null,
  clientCert: null,
})

const headerLists = ({ request, traceId, domainName }: ProxyEventInput): Record<string, string[]> => {
  const lists: Record<string, string[]> = {}
  const { rawHeaders } = request
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (/^(authorization|host|connection|content-length|transfer-encoding)$/i.test(name)) continue
    const list = Object.hasOwn(lists, name) ? lists[name] : undefined
    if (list) list.push(rawHeaders[index + 1] ?? '')
    else define(lists, name, [rawHeaders[index + 1] ?? ''])
  }
  return {
    ...lists,
    Host: [headerValue(request, 'host') ?? domainName],
    'X-Amzn-Trace-Id': [traceId],
    'X-Forwarded-For': [request.sourceIp],
    'X-Forwarded-Port': ['443'],
    'X-Forwarded-Proto': ['https'],
  }
}

/** Decoded names and values (bytes that are no UTF-8 become U+FFFD); `+` is a blank, and `;` separates as `&` does. Null without a query. */
const queryLists = (target: string): Record<string, string[]> | null => {
  const query = target.split('?').slice(1).join('?')
  const lists: Record<string, string[]> = {}
  for (const piece of query.split(/[&;]/).filter(Boolean)) {
    const [name = '', ...value] = piece.split('=').map((part) => part.replaceAll('+', ' '))
    const decodedName = percentDecode(name)
    const decodedValue = percentDecode(value.join('='))
    const list = Object.hasOwn(lists, decodedName) ? lists[decodedName] : undefined
    if (list) list.push(decodedValue)
    else define(lists, decodedName, [decodedValue])
  }
  return Object.keys(lists).length > 0 ? lists : null
}

/** Assignment would follow a setter for the name `__proto__`. */
const define = (lists: Record<string, string[]>, name: string, value: string[]) =>
  Object.defineProperty(lists, name, { value, enumerable: true, configurable: true, writable: true })

const lastValues = (lists: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? '']))

/** A content type that `binaryMediaTypes` names arrives as base64. */
export const isBinary = (binaryMediaTypes: readonly string[], contentType: string | undefined): boolean => {
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return binaryMediaTypes.some(
    (type) =>
      type === '*/*' ||
      type.toLowerCase() === mediaType ||
      (type.endsWith('/*') && mediaType.startsWith(type.slice(0, -1))),
  )
}

/** `07/May/2026:09:59:31 +0000` */
const requestTime = (now: Date): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(now.toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}
