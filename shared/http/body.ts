import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { ServiceError } from '../errors/index.ts'
import type { ProxyEvent } from './proxy-event.ts'

const inflatedLimit = { maxOutputLength: 10 * 1024 * 1024 }

/**
 * The body as text, decompressed if its bytes are compressed. The header cannot be trusted: API Gateway
 * decompresses bodies but keeps the header `Content-Encoding: gzip`.
 */
export const bodyText = async ({ body }: Pick<ProxyEvent, 'body'>): Promise<string> => {
  if (typeof body === 'string') return body
  try {
    if (isGzip(body)) return (await promisify(gunzip)(body, inflatedLimit)).toString()
    if (isZlib(body)) return (await promisify(inflate)(body, inflatedLimit)).toString()
  } catch (cause) {
    throw new ServiceError('BODY_NOT_READABLE', { cause })
  }
  return body.toString()
}

/** RFC 1952, section 2.3.1. */
const isGzip = (body: Buffer) => body[0] === 0x1f && body[1] === 0x8b

/** RFC 1950, section 2.2: deflate, and a header that is a multiple of 31. JSON text never begins like this. */
const isZlib = (body: Buffer) => body.length > 1 && body[0] === 0x78 && body.readUInt16BE() % 31 === 0
