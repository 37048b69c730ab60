import type { WireAnswer, WireRequest } from '../http/index.ts'
import type { Identifiers } from '../identifiers.ts'
import { failedSteps, type Journal, type JournalStep } from '../journal.ts'
import { refusalAnswer } from '../json-refusals.ts'
import type { Invocation, InvocationResult } from '../lambda/index.ts'
import {
  type Caller,
  checkFunction,
  checkPolicies,
  checkRoute,
  checkSignature,
  checkSize,
  limits,
  type Surroundings,
  withoutQuery,
} from './checks.ts'
import { inflateBody } from './content-encoding.ts'
import { domainNameOf } from './domain-name.ts'
import { integrate } from './integration.ts'
import { proxyEvent } from './proxy-event.ts'
import { Refused, refusals } from './refusals.ts'

interface Needs extends Surroundings {
  readonly invoke: (functionName: string, invocation: Invocation) => Promise<InvocationResult>
  readonly identifiers: Identifiers
  readonly journal: Journal
}

/** The REST API's front: everything between the socket and the function, in the order the real service does it. */
export const createGateway = ({ invoke, identifiers, journal, ...around }: Needs) => {
  const { api, place } = around.deployment
  const domainName = domainNameOf(around.deployment)

  return async (request: WireRequest): Promise<WireAnswer> => {
    const now = around.now()
    const requestId = identifiers.uuid()
    const extendedRequestId = identifiers.extendedRequestId()
    const traceId = identifiers.traceId(now)
    const ids = { 'x-amzn-RequestId': requestId, 'x-amz-apigw-id': extendedRequestId }
    const steps: JournalStep[] = []
    let caller: Caller | undefined

    const passThrough = async (): Promise<WireAnswer> => {
      steps.push(checkSize(request))
      const { path, match, step: routeStep } = checkRoute(request, around)
      steps.push(routeStep)
      const signed = checkSignature(request, match.method, around)
      caller = signed.caller
      steps.push(signed.step, ...checkPolicies(request, path, caller, around))
      const body = inflated(request)
      const { fn, steps: functionSteps } = checkFunction(request.method, match.method, around)
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
        accountId: place.accountId,
        ...(caller && { caller }),
      })
      const invocation = { payload: JSON.stringify(event), requestId: identifiers.uuid(), traceId }
      return integrate(request, { method: match.method, api, invocation }, (given) => invoke(fn.name, given))
    }
    const record = (status: number, outcome: 'let in' | 'refused', remedy?: string) =>
      journal.record({
        requestId,
        service: 'execute-api',
        request: `${request.method} ${withoutQuery(request.target)}`,
        status,
        ...(caller && { principal: caller.principal.arn }),
        outcome,
        steps,
        ...(remedy !== undefined && { remedy }),
      })

    try {
      const answer = await passThrough()
      record(answer.status, 'let in')
      return { ...answer, headers: { ...answer.headers, ...ids, 'X-Amzn-Trace-Id': traceId } }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      steps.push(...error.steps)
      record(error.refusal.status, 'refused', error.remedy)
      return refusalAnswer(error.refusal, ids)
    }
  }
}

/** After the signature, which covers the bytes as sent. */
const inflated = (request: WireRequest): Buffer => {
  const result = inflateBody(request, limits.bodyBytes)
  if ('body' in result) return result.body
  const refusal = result.tooLong ? refusals.requestTooLong : refusals.unsupportedMediaType
  const remedy = 'Send the body as its Content-Encoding says, gzip or deflate, or leave the header out.'
  throw new Refused(refusal, failedSteps('content encoding', [result.because]), remedy)
}
