import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ServiceError } from '../../../shared/errors/index.ts'
import { keyVariables, prober, variables } from './probing.ts'

/** Milliseconds for the probe: enough to load the driver on a busy machine. */
const left = 6_000

const http = (answer: (request: IncomingMessage, response: ServerResponse) => void) => (): Server =>
  createServer((request, response) => {
    request.resume()
    answer(request, response)
  })
const tcp = (speak: (socket: Socket) => void) => (): Server =>
  createTcpServer((socket) => {
    // Read, so that its end is noticed.
    socket.on('error', () => undefined).resume()
    speak(socket)
  })

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const session = {
  token: 't',
  masterToken: 'm',
  validityInSeconds: 3_600,
  masterValidityInSeconds: 14_400,
  sessionId: 1,
  parameters: [],
  sessionInfo: {},
}
/** Lets everybody in, and does as it is told with the query. */
const afterLogin = (query: (response: ServerResponse) => void) =>
  http((request, response) =>
    request.url?.startsWith('/session/') ? json(response, 200, { data: session, success: true }) : query(response),
  )

interface Case {
  readonly endpoint: string
  readonly start: () => Server
  readonly code: string
  readonly says: RegExp
  /** Nothing but the end of the time tells. */
  readonly isLate?: true
}

const cases: readonly Case[] = [
  {
    endpoint: 'takes the connection and is silent',
    isLate: true,
    start: tcp(() => undefined),
    code: 'SNOWFLAKE_UNREACHABLE',
    says: /No response to the login for \d+ milliseconds\..*timeout/,
  },
  {
    endpoint: 'begins an answer and stops',
    isLate: true,
    start: tcp((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"da'),
    ),
    code: 'SNOWFLAKE_UNREACHABLE',
    says: /No response to the login for \d+ milliseconds\./,
  },
  {
    endpoint: 'trickles its answer, byte by byte',
    isLate: true,
    start: http((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 200)
      response.on('close', () => clearInterval(timer))
    }),
    code: 'SNOWFLAKE_UNREACHABLE',
    says: /No response to the login/,
  },
  {
    endpoint: 'closes the connection',
    start: tcp((socket) => socket.once('data', () => socket.destroy())),
    code: 'SNOWFLAKE_UNREACHABLE',
    says: /socket hang up.*Snowflake is not reachable from here/,
  },
  {
    endpoint: 'answers 503',
    start: http((_, response) => json(response, 503, {})),
    code: 'SNOWFLAKE_UNREACHABLE',
    says: /Snowflake is reachable but returns server errors\./,
  },
  {
    endpoint: 'answers 429',
    start: http((_, response) => json(response, 429, {})),
    code: 'SNOWFLAKE_BUSY',
    says: /^Snowflake throttles the service’s requests/,
  },
  {
    endpoint: 'answers with a page of HTML',
    start: http((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')),
    code: 'SNOWFLAKE_UNUSABLE',
    says: /a proxy, a captive portal, or another web server/,
  },
  {
    endpoint: 'does not speak HTTP',
    start: tcp((socket) => socket.once('data', () => socket.end('220 mail\r\n'))),
    code: 'SNOWFLAKE_UNUSABLE',
    says: /a proxy, a captive portal, or another web server/,
  },
  {
    endpoint: 'answers 403, as for an account that nobody has',
    start: http((_, response) => json(response, 403, {})),
    code: 'SNOWFLAKE_UNUSABLE',
    says: /No Snowflake account has this identifier/,
  },
  {
    endpoint: 'lets in, and is silent then',
    isLate: true,
    start: afterLogin(() => undefined),
    code: 'SNOWFLAKE_UNREACHABLE',
    says: /No response to the query for \d+ milliseconds\./,
  },
  {
    endpoint: 'lets in, and answers 503 then',
    isLate: true,
    start: afterLogin((response) => json(response, 503, {})),
    code: 'SNOWFLAKE_UNREACHABLE',
    says: /No response to the query.*Snowflake is reachable but returns server errors\./,
  },
]

for (const { endpoint, start, code, says, isLate } of cases) {
  test(`an endpoint that ${endpoint} is diagnosed in time, and nothing goes on after it`, async (t) => {
    const server = start()
    let connections = 0
    const open = new Set<Socket>()
    server.on('connection', (socket: Socket) => {
      connections++
      open.add(socket.on('close', () => open.delete(socket)))
    })
    t.after(() => {
      for (const socket of open) socket.destroy()
      server.close()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // a listening TCP server has one
    const began = performance.now()
    const failure = await prober(variables({ url: `http://127.0.0.1:${port}` }, keyVariables()))(left).then(
      () => assert.fail('it was to fail'),
      (thrown: unknown) => thrown,
    )
    const took = performance.now() - began
    assert.ok(failure instanceof ServiceError, String(failure))
    assert.equal(failure.code, code, failure.message)
    assert.match(failure.message, says)
    assert.ok(took < left, `${took} ms`)
    assert.equal(took > left - 1_500, isLate ?? false, `${took} ms`)
    const before = connections
    await setTimeout(1_500) // the driver would ask again within a second
    assert.deepEqual([connections, open.size], [before, 0])
  })
}
