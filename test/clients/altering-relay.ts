import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

interface RelayedRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Replaces Alice by a name of the same length, which is not signed. */
export const changeBody = ({ body, ...rest }: RelayedRequest): RelayedRequest => ({
  ...rest,
  body: Buffer.from(body.toString('latin1').replace('Alice', 'Mallo'), 'latin1'),
})

/** Removes the signature, as a client that does not sign. */
export const dropSignature = ({ headers, ...others }: RelayedRequest): RelayedRequest => {
  const { authorization: _, 'x-amz-security-token': __, ...rest } = headers
  return { headers: rest, ...others }
}

export const forwardUnchanged = (request: RelayedRequest): RelayedRequest => request

interface RelayResponse {
  readonly status: number
  readonly body: string
}

/** Responds instead of the stack; undefined: forwards; `hang up`: closes the connection. */
type Override = (request: RelayedRequest, before: number) => RelayResponse | 'hang up' | undefined

/** Forwards changed requests between client and stack. The Host header stays the signed one. */
export const startRelay = async (
  upstream: string,
  change: (request: RelayedRequest) => RelayedRequest,
  override: Override = () => undefined,
) => {
  const received: (RelayedRequest & { readonly connection: number | undefined })[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      const request = { path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks) }
      const before = received.push({ ...request, connection: incoming.socket.remotePort }) - 1
      const answer = override(request, before)
      if (answer) {
        if (answer === 'hang up') incoming.socket.destroy()
        else response.writeHead(answer.status).end(answer.body)
        return
      }
      const { path, headers, body } = change(request)
      const outgoing = httpRequest(upstream, { method: incoming.method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(response)
      })
      outgoing.on('error', () => response.destroy())
      outgoing.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
