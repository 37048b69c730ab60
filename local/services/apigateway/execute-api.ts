import { gunzipSync, inflateSync } from 'node:zlib'
import type { DeployedResources } from '../../deployment/deployed-resources.ts'
import { headerValues, type WireRequest, type WireResponse } from '../../http.ts'
import type { Identifiers } from '../../identifiers.ts'
import { failedSteps, type Journal, type JournalStep } from '../../journal.ts'
import { jsonRejectionResponse } from '../../service/rest-json-protocol.ts'
import type { Invocation, InvocationResult } from '../lambda/index.ts'
import {
  type AuthenticatedCaller,
  checkFunction,
  checkPolicies,
  checkRoute,
  checkSignature,
  checkSize,
  type ExecuteApiDependencies,
  executeApiLimits,
  withoutQuery,
} from './execute-api-checks.ts'
import { ExecuteApiRejected, executeApiRejections } from './execute-api-rejections.ts'
import { integrate } from './lambda-proxy-integration.ts'
import { proxyEvent } from './proxy-event.ts'

/** The host name under which AWS would serve the API. */
export const domainNameOf = ({ api, location }: Pick<DeployedResources, 'api' | 'location'>): string =>
  `${api.id}.execute-api.${location.region}.${location.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`

type InflatedBody = { readonly body: Buffer } | { readonly reason: string; readonly tooLong: boolean }

/**
 * API Gateway inflates gzip and deflate bodies and refuses any other or false `Content-Encoding` with 415.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html
 */
const inflateBody = (request: WireRequest, maxOutputLength: number): InflatedBody => {
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength)
  const encoding = headerValues(request, 'content-encoding').join(', ').trim().toLowerCase()
  if (body.length === 0 || encoding === '' || encoding === 'identity') return { body }
  const inflate = encoding === 'gzip' ? gunzipSync : encoding === 'deflate' ? inflateSync : undefined
  if (!inflate) return { reason: `Content-Encoding "${encoding}" is not gzip, deflate or identity`, tooLong: false }
  try {
    return { body: inflate(body, { maxOutputLength }) }
  } catch (error) {
    const tooLong = error instanceof RangeError
    return {
      reason: tooLong ? `inflated, the body exceeds ${maxOutputLength} bytes` : `the body is not ${encoding}`,
      tooLong,
    }
  }
}

interface ExecuteApiEndpointDependencies extends ExecuteApiDependencies {
  readonly invoke: (functionName: string, invocation: Invocation) => Promise<InvocationResult>
  readonly identifiers: Identifiers
  readonly journal: Journal
}

/** The REST API's front: everything between the socket and the function, in the order the real service does it. */
export const createExecuteApi = ({ invoke, identifiers, journal, ...dependencies }: ExecuteApiEndpointDependencies) => {
  const { api, location } = dependencies.deployment
  const domainName = domainNameOf(dependencies.deployment)

  return async (request: WireRequest): Promise<WireResponse> => {
    const now = dependencies.now()
    const requestId = identifiers.uuid()
    const extendedRequestId = identifiers.extendedRequestId()
    const traceId = identifiers.traceId(now)
    const ids = { 'x-amzn-RequestId': requestId, 'x-amz-apigw-id': extendedRequestId }
    const steps: JournalStep[] = []
    let caller: AuthenticatedCaller | undefined

    const handle = async (): Promise<WireResponse> => {
      steps.push(checkSize(request))
      const { path, match, step: routeStep } = checkRoute(request, dependencies)
      steps.push(routeStep)
      const signature = checkSignature(request, match.method, dependencies)
      caller = signature.caller
      steps.push(signature.step, ...checkPolicies(request, path, caller, dependencies))
      const body = inflateOrReject(request)
      const { fn, steps: functionSteps } = checkFunction(request.method, match.method, dependencies)
      steps.push(...functionSteps)
      const event = proxyEvent({
        request,
        body,
        path,
        api,
        match,
        now,
        requestId,
        extendedRequestId,
        traceId,
        domainName,
        accountId: location.accountId,
        ...(caller && { caller }),
      })
      const invocation = { payload: JSON.stringify(event), requestId: identifiers.uuid(), traceId }
      return integrate(request, { method: match.method, api, invocation }, (eventInvocation) =>
        invoke(fn.name, eventInvocation),
      )
    }
    const record = (status: number, outcome: 'allowed' | 'rejected', fix?: string) =>
      journal.record({
        requestId,
        service: 'execute-api',
        request: `${request.method} ${withoutQuery(request.target)}`,
        status,
        ...(caller && { principal: caller.principal.arn }),
        outcome,
        steps,
        ...(fix !== undefined && { fix }),
      })

    try {
      const answer = await handle()
      record(answer.status, 'allowed')
      return { ...answer, headers: { ...answer.headers, ...ids, 'X-Amzn-Trace-Id': traceId } }
    } catch (error) {
      if (!(error instanceof ExecuteApiRejected)) throw error
      steps.push(...error.steps)
      record(error.rejection.status, 'rejected', error.fix)
      return jsonRejectionResponse(error.rejection, ids)
    }
  }
}

/** After the signature, which covers the bytes as sent. */
const inflateOrReject = (request: WireRequest): Buffer => {
  const result = inflateBody(request, executeApiLimits.bodyBytes)
  if ('body' in result) return result.body
  const rejection = result.tooLong ? executeApiRejections.requestTooLong : executeApiRejections.unsupportedMediaType
  const fix = 'Send the body as its Content-Encoding says, gzip or deflate, or leave the header out.'
  throw new ExecuteApiRejected(rejection, failedSteps('content encoding', [result.reason]), fix)
}
