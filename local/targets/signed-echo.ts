import type { WireAnswer, WireRequest } from '../http/index.ts'
import { failedSteps } from '../journal.ts'
import { refusalAnswer, signatureRefusal } from '../json-refusals.ts'
import { verify } from '../sigv4/index.ts'
import { type Echo, withoutCredentials } from './echo.ts'
import { listenFor, type StandIn, type StandInNeeds } from './stand-in.ts'

/**
 * Any service whose actions the stack does not know: it verifies the signature, in API Gateway's words, and says what it was
 * sent. No policy is asked.
 */
export const startSignedEcho = ({ target, findKey, identifiers, journal, now }: StandInNeeds): Promise<StandIn> => {
  const { service, region } = target
  const answer = async (request: WireRequest): Promise<WireAnswer> => {
    const requestId = identifiers.uuid()
    const record = { requestId, service, request: `${request.method} ${request.target.split('?')[0]}` }
    const verdict = verify(request, { service, region, clockSkewMinutes: 5, now, findKey })
    if (!verdict.verified) {
      const { check, explanation, remedy } = verdict.refusal
      const refusal = signatureRefusal(verdict.refusal)
      const steps = failedSteps(check, explanation)
      journal.record({ ...record, status: refusal.status, outcome: 'refused', steps, remedy })
      return refusalAnswer(refusal, { 'x-amzn-RequestId': requestId })
    }
    journal.record({ ...record, status: 200, principal: verdict.owner.arn, outcome: 'let in', steps: [] })
    return {
      status: 200,
      headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId },
      body: JSON.stringify(withoutCredentials(echoOf(request))),
    }
  }
  return listenFor(answer, { target, now })
}

const echoOf = ({ method, target, rawHeaders, body }: WireRequest): Echo => {
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  const searchParams = new URLSearchParams(query)
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  const headers = names.map((name, index) => ({ name: name.toLowerCase(), value: rawHeaders[2 * index + 1] ?? '' }))
  return {
    method,
    path,
    query: Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)])),
    headers: Object.fromEntries(
      [...Map.groupBy(headers, ({ name }) => name)].map(([name, all]) => [name, all.map(({ value }) => value)]),
    ),
    body: body.byteLength === 0 ? null : Buffer.from(body).toString(),
  }
}
