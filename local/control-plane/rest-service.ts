import type { WireAnswer, WireRequest } from '../http/index.ts'
import { refusalAnswer, signatureRefusal } from '../json-refusals.ts'
import { type Call, type Refusal, unsupported } from './call.ts'
import type { Order, Service } from './door.ts'

/** What stands in the places of a path, decoded, and the query. */
export interface RestParameters {
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly request: WireRequest
}

export interface RestOperation {
  readonly name: string
  /** Every operation here reads: they are all of `GET`. Groups are the parameters. */
  readonly path: RegExp
  /** A whole answer but its request id, or what becomes JSON. */
  readonly carryOut: (parameters: RestParameters, call: Call) => RestAnswer
}

export interface RestAnswer {
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface Given {
  /** As signatures name it. */
  readonly service: string
  /** As people name it. */
  readonly title: string
  readonly operations: readonly RestOperation[]
  /** The body of a refusal. */
  readonly bodyOf: (refusal: Refusal) => unknown
}

/** A service of the rest-json protocol: the operation stands in method and path. */
export const restService = ({ service, title, operations, bodyOf }: Given): Service => ({
  service,
  clockSkewMinutes: 5,
  accessDenied: 'AccessDeniedException',
  read: (request): Order => {
    const [path = '', query = ''] = request.target.split(/\?(.*)/s)
    for (const { name, path: form, carryOut } of operations) {
      const found = request.method === 'GET' ? form.exec(path) : null
      if (!found) continue
      const parameters = { path: found.slice(1).map(decoded), query: new URLSearchParams(query), request }
      return { operation: name, carryOut: (call) => answerOf(carryOut(parameters, call)) }
    }
    throw unsupported(`${request.method} ${path} of ${title}`)
  },
  refuse: (refusal, requestId) =>
    refusalAnswer(
      { status: refusal.status, errorType: refusal.code, body: JSON.stringify(bodyOf(refusal)) },
      idHeader(requestId),
    ),
  refuseSignature: (refusal, requestId) => refusalAnswer(signatureRefusal(refusal), idHeader(requestId)),
})

const idHeader = (requestId: string) => ({ 'x-amzn-RequestId': requestId })

const answerOf =
  ({ body, headers }: RestAnswer) =>
  (requestId: string): WireAnswer => ({
    status: 200,
    headers: { 'Content-Type': 'application/json', ...headers, ...idHeader(requestId) },
    body: JSON.stringify(body),
  })

const decoded = (text = ''): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
