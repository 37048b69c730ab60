import type { WireRequest, WireResponse } from '../../http.ts'
import { failedSteps } from '../../journal.ts'
import { jsonRejectionResponse, jsonSignatureRejection } from '../../service/rest-json-protocol.ts'
import { verifySignature } from '../../sigv4/index.ts'
import { listenForTarget, type TargetServer, type TargetServerDependencies } from './target-server.ts'

/** What of a request an echo tells back. */
interface EchoedRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, readonly string[]>>
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: string | null
}

const credentials = new Set(['authorization', 'x-amz-credential', 'x-amz-security-token', 'x-amz-signature'])

/** Without what signs it, neither in the headers nor in the query. */
export const withoutCredentials = ({ query, headers, ...rest }: EchoedRequest): EchoedRequest => ({
  ...rest,
  query: omitCredentials(query),
  headers: omitCredentials(headers),
})

const omitCredentials = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([name]) => !credentials.has(name.toLowerCase())))

/**
 * Any service whose actions the stack does not know: it verifies the signature, in API Gateway's words, and says what it was
 * sent. No policy is asked.
 */
export const startSignedEcho = ({
  target,
  findKey,
  identifiers,
  journal,
  now,
}: TargetServerDependencies): Promise<TargetServer> => {
  const { service, region } = target
  const answer = async (request: WireRequest): Promise<WireResponse> => {
    const requestId = identifiers.uuid()
    const journalFields = { requestId, service, request: `${request.method} ${request.target.split('?')[0]}` }
    const verification = verifySignature(request, { service, region, clockSkewMinutes: 5, now, findKey })
    if (!verification.verified) {
      const { check, explanation, fix } = verification.rejection
      const rejection = jsonSignatureRejection(verification.rejection)
      const steps = failedSteps(check, explanation)
      journal.record({ ...journalFields, status: rejection.status, outcome: 'rejected', steps, fix })
      return jsonRejectionResponse(rejection, { 'x-amzn-RequestId': requestId })
    }
    journal.record({ ...journalFields, status: 200, principal: verification.owner.arn, outcome: 'allowed', steps: [] })
    return {
      status: 200,
      headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId },
      body: JSON.stringify(withoutCredentials(readEchoedRequest(request))),
    }
  }
  return listenForTarget(answer, { target, now })
}

const readEchoedRequest = ({ method, target, rawHeaders, body }: WireRequest): EchoedRequest => {
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
