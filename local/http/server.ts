import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { WireAnswer, WireRequest } from './types.ts'

/** More than any service takes, so that each can refuse in its own words; what is longer still is cut off by Node (431). */
const maxHeaderSize = 64 * 1024
const maxBodySize = 12 * 1024 * 1024

interface Needs {
  readonly answer: (request: WireRequest) => Promise<WireAnswer>
  /** For the header `Date`, from which SDKs learn how far their own clock is off. */
  readonly now: () => Date
}

/** An HTTP server that hands over requests byte for byte; not yet listening. */
export const createWireServer = ({ answer, now }: Needs): Server =>
  createServer({ maxHeaderSize, keepAliveTimeout: 60_000 }, async (incoming, response) => {
    response.setHeader('date', now().toUTCString())
    try {
      const request = await receive(incoming)
      send(response, await answer(request))
    } catch (error) {
      // The sender went away in the middle of its body, or the stack has a defect: the stack must outlive both.
      if (!response.headersSent && !response.destroyed) {
        send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: `local stack: ${error}\n` })
      }
    }
  })

const receive = async (incoming: IncomingMessage): Promise<WireRequest> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    size += chunk.length
    // The rest is read and dropped: an answer before the end of a request would look like a broken connection.
    if (size <= maxBodySize) chunks.push(chunk)
  }
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    rawHeaders: incoming.rawHeaders,
    body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
    sourceIp: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  }
}

const send = (response: ServerResponse, { status, headers, body }: WireAnswer): void => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
