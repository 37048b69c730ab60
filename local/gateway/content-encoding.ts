import { gunzipSync, inflateSync } from 'node:zlib'
import { headerValues, type WireRequest } from '../http/index.ts'

export type Inflated = { readonly body: Buffer } | { readonly because: string; readonly tooLong: boolean }

/**
 * API Gateway inflates gzip and deflate bodies and refuses any other or false `Content-Encoding` with 415.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html
 */
export const inflateBody = (request: WireRequest, maxOutputLength: number): Inflated => {
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength)
  const encoding = headerValues(request, 'content-encoding').join(', ').trim().toLowerCase()
  if (body.length === 0 || encoding === '' || encoding === 'identity') return { body }
  const inflate = encoding === 'gzip' ? gunzipSync : encoding === 'deflate' ? inflateSync : undefined
  if (!inflate) return { because: `Content-Encoding "${encoding}" is not gzip, deflate or identity`, tooLong: false }
  try {
    return { body: inflate(body, { maxOutputLength }) }
  } catch (error) {
    const tooLong = error instanceof RangeError
    return {
      because: tooLong ? `inflated, the body exceeds ${maxOutputLength} bytes` : `the body is not ${encoding}`,
      tooLong,
    }
  }
}
