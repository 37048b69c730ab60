import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Passing {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Alice becomes Mallo, who is as long and was not signed. */
export const changeTheBody = ({ headers, body }: Passing): Passing => ({
  headers,
  body: Buffer.from(body.toString('latin1').replace('Alice', 'Mallo'), 'latin1'),
})

/** What a client that does not sign would have sent. */
export const dropTheSignature = ({ headers, body }: Passing): Passing => {
  const { authorization: _, 'x-amz-security-token': __, ...rest } = headers
  return { headers: rest, body }
}

/** Stands between client and stack and passes requests on, changed. The Host header stays the one that was signed. */
export const startRelay = async (upstream: string, change: (passing: Passing) => Passing) => {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      const { headers, body } = change({ headers: incoming.headers, body: Buffer.concat(chunks) })
      const outgoing = httpRequest(upstream, { method: incoming.method, path: incoming.url, headers }, (answer) => {
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
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
