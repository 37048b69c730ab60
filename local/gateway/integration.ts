import { headerValue, type WireAnswer, type WireRequest } from '../http/index.ts'
import { failedSteps } from '../journal.ts'
import type { Invocation, InvocationResult } from '../lambda/index.ts'
import type { ApiMethod, RestApi } from '../template/index.ts'
import { readProxyAnswer } from './lambda-answer.ts'
import { isBinary } from './proxy-event.ts'
import { Refused, refusals } from './refusals.ts'

/** Synchronous invocations take 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const eventLimit = 6_291_456

/** Hands the event to the function and turns its answer into HTTP, within the integration's time. */
export const integrate = async (
  request: WireRequest,
  { method, api, invocation }: { method: ApiMethod; api: RestApi; invocation: Invocation },
  invoke: (invocation: Invocation) => Promise<InvocationResult>,
): Promise<WireAnswer> => {
  const size = Buffer.byteLength(invocation.payload)
  if (size > eventLimit) {
    throw new Refused(
      refusals.requestTooLong,
      failedSteps('size', [`the event has ${size} bytes; Lambda takes ${eventLimit}`]),
      'Send less at once.',
    )
  }
  const result = await within(method.integrationTimeout, invoke(invocation))
  if (result === 'timed out') {
    const because = `the function did not answer within ${method.integrationTimeout} ms`
    throw new Refused(refusals.timedOut, failedSteps('integration', [because]), 'Let the function answer sooner.')
  }
  if (result.functionError) {
    const because = `the function failed: ${result.payload.slice(0, 300)}`
    throw new Refused(
      refusals.badGateway,
      failedSteps('integration', [because]),
      'Mend the function; its log is above.',
    )
  }
  const proxied = readProxyAnswer(result.payload, isBinary(api.binaryMediaTypes, headerValue(request, 'accept')))
  if ('malformed' in proxied) {
    const remedy = 'Let the function return {"statusCode", "headers", "body"} and nothing else.'
    throw new Refused(refusals.badGateway, failedSteps('integration', [proxied.malformed]), remedy)
  }
  return proxied.answer
}

const within = async <Value>(milliseconds: number, work: Promise<Value>): Promise<Value | 'timed out'> => {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<'timed out'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'timed out')
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
