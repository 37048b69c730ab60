import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Passing {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Alice becomes Mallo, who is as long and was not signed. */
export const changeTheBody = ({ body, ...rest }: Passing): Passing => ({
  ...rest,
  body: Buffer.from(body.toString('latin1').replace('Alice', 'Mallo'), 'latin1'),
})

/** What a client that does not sign would have sent. */
export const dropTheSignature = ({ headers, ...others }: Passing): Passing => {
  const { authorization: _, 'x-amz-security-token': __, ...rest } = headers
  return { headers: rest, ...others }
}

export const passOn = (passing: Passing): Passing => passing

interface Answer {
  readonly status: number
  readonly body: string
}

/** Answers in the place of the stack, where it answers at all; `hang up` answers nothing. */
type Instead = (passing: Passing, before: number) => Answer | 'hang up' | undefined

/** Stands between client and stack and passes requests on, changed. The Host header stays the one that was signed. */
export const startRelay = async (
  upstream: string,
  change: (passing: Passing) => Passing,
  instead: Instead = () => undefined,
) => {
  const received: (Passing & { readonly connection: number | undefined })[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      const passing = { path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks) }
      const before = received.push({ ...passing, connection: incoming.socket.remotePort }) - 1
      const answer = instead(passing, before)
      if (answer) {
        if (answer === 'hang up') incoming.socket.destroy()
        else response.writeHead(answer.status).end(answer.body)
        return
      }
      const { path, headers, body } = change(passing)
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
