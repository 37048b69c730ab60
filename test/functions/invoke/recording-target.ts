import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A target on loopback that records every byte of its requests, and sends the given responses. */
export interface RecordingTarget {
  readonly url: string
  /** Each request as received on the socket. */
  readonly requests: readonly string[]
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

/** The reaction to a request: the bytes of a response, no response (`undefined`), or a closed connection. */
export type Reply = (request: string, nth: number) => string | Buffer | 'hang up' | undefined

export const startRecordingTarget = async (reply: Reply): Promise<RecordingTarget> => {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      for (let end = endOf(received); end !== undefined; end = endOf(received)) {
        const request = received.slice(0, end)
        received = received.slice(end)
        requests.push(request)
        const response = reply(request, requests.length - 1)
        if (response === 'hang up') socket.destroy()
        else if (response !== undefined) socket.write(response)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const endOf = (received: string): number | undefined => {
  const head = received.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received.slice(0, head))?.[1] ?? 0)
  const end = head + 4 + length
  return received.length >= end ? end : undefined
}

export const ok = (body: string | Buffer, ...headers: string[]): Buffer =>
  Buffer.concat([
    Buffer.from(
      [`HTTP/1.1 200 OK`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', ''].join('\r\n'),
      'latin1',
    ),
    Buffer.from(body),
  ])

export const json = (value: unknown, ...headers: string[]): Buffer =>
  ok(JSON.stringify(value), 'Content-Type: application/json', ...headers)

/** The request line, and headers by lower-case name. */
export const parseRequestText = (request: string) => {
  const [head = '', body = ''] = request.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = new Map(
    lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]),
  )
  return { line, headers, body }
}
