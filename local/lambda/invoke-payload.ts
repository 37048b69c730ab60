import { headerValue, type WireRequest } from '../http/index.ts'
import { Refused, refusals } from './invoke-refusals.ts'
import type { InvokeRequest } from './invoke-request.ts'

/** Bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const payloadLimits = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 } as const

/**
 * The event as JSON text, untouched, so that its numbers stay as they are. Throws Refused.
 *
 * A request without a body gives the function `{}`: Invoke without a payload is known to succeed
 * (https://github.com/aws/aws-sdk-js/issues/1876), and LocalStack's Lambda, checked against AWS, hands over `{}`.
 */
export const readPayload = ({ body }: WireRequest, invocationType: InvokeRequest['invocationType']): string => {
  const limit = payloadLimits[invocationType]
  if (body.byteLength > limit) throw new Refused(refusals.tooLarge(body.byteLength, invocationType, limit))
  if (body.byteLength === 0) return '{}'
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    JSON.parse(text)
    return text
  } catch (error) {
    throw new Refused(refusals.notJson(error instanceof SyntaxError ? error.message : 'Invalid UTF-8'))
  }
}

/** Bytes of base64. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters */
const clientContextLimit = 3_583

/** The client context as JSON text; undefined where none was sent. Throws Refused. */
export const readClientContext = (request: WireRequest): string | undefined => {
  const base64 = headerValue(request, 'x-amz-client-context')
  if (!base64) return undefined
  if (base64.length > clientContextLimit) {
    throw new Refused(refusals.clientContextTooLong(base64.length, clientContextLimit))
  }
  const text = Buffer.from(base64, 'base64').toString()
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || !isJsonObject(text)) throw new Refused(refusals.clientContext())
  return text
}

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
