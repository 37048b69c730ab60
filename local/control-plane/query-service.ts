import type { WireRequest } from '../http/index.ts'
import { parameters, queryAnswers, signatureError, type Xml } from '../query-protocol/index.ts'
import { type Call, unsupported } from './call.ts'
import type { Order, Service } from './door.ts'

export type QueryOperation = (given: ReadonlyMap<string, string>, call: Call) => Xml

interface Given {
  /** As signatures name it. */
  readonly service: string
  readonly region?: string
  readonly namespace: string
  readonly operations: ReadonlyMap<string, QueryOperation>
}

/** A service of the query protocol: `Action` and its parameters as a form, XML as the answer. */
export const queryService = ({ service, region, namespace, operations }: Given): Service => {
  const answers = queryAnswers(namespace)
  return {
    service,
    ...(region !== undefined && { region }),
    // Measured: the query-protocol services allow more than the JSON ones.
    clockSkewMinutes: 15,
    accessDenied: 'AccessDenied',
    read: (request: WireRequest): Order => {
      const given = parameters(request)
      const action = given.get('Action') ?? ''
      const operation = operations.get(action)
      if (!operation) throw unsupported(`${service}:${action}`)
      return {
        operation: action,
        carryOut: (call) => {
          const result = operation(given, call)
          return (requestId) => answers.result(action, result, requestId)
        },
      }
    },
    refuse: answers.error,
    refuseSignature: (refusal, requestId) => answers.error(signatureError(refusal), requestId),
  }
}
