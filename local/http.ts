import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it stood on the wire: nothing decoded, joined, re-ordered or inflated. */
export interface WireRequest {
  readonly method: string
  /** The raw request target, path and query, as on the request line (Node's `req.url`). */
  readonly target: string
  /** Alternating names and values in the order received, case kept (Node's `req.rawHeaders`). */
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
  /** The TCP peer, never `X-Forwarded-For`. */
  readonly sourceIp: string
}

/** An answer before it is written to the socket. Content-Length is added by the server. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Uint8Array | string
}

/** Every value of a header, in the order received; the name in lower case. */
export const headerValues = ({ rawHeaders }: Pick<WireRequest, 'rawHeaders'>, name: string): string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)

/** The first value of a header. */
export const headerValue = (request: Pick<WireRequest, 'rawHeaders'>, name: string): string | undefined =>
  headerValues(request, name)[0]

/** On loopback alone; 0 takes a free port. The URL has no slash at its end. */
export const listen = async (server: Server, port: number): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken: stop what listens there, or choose another port, 0 for any.`)
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
}

/** Cuts every connection. */
export const close = async (server: Server): Promise<void> => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

/** More than any service takes, so that each can refuse in its own words; what is longer still is cut off by Node (431). */
const maxHeaderSize = 64 * 1024
const maxBodySize = 12 * 1024 * 1024

interface HttpServerDependencies {
  readonly answer: (request: WireRequest) => Promise<WireResponse>
  /** For the header `Date`, from which SDKs learn how far their own clock is off. */
  readonly now: () => Date
}

/** An HTTP server that hands over requests byte for byte; not yet listening. */
export const createWireServer = ({ answer, now }: HttpServerDependencies): Server =>
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

const send = (response: ServerResponse, { status, headers, body }: WireResponse): void => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
