import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { createProbe, keyVariables, probeVariables } from './probe-harness.ts'

/** Milliseconds for the probe: enough to load the driver on a busy machine. */
const remainingMs = 6_000

const http = (respond: (request: IncomingMessage, response: ServerResponse) => void) => (): Server =>
  createServer((request, response) => {
    request.resume()
    respond(request, response)
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
/** Accepts every login, and sends the given response to the query. */
const afterLogin = (query: (response: ServerResponse) => void) =>
  http((request, response) =>
    request.url?.startsWith('/session/') ? json(response, 200, { data: session, success: true }) : query(response),
  )

interface Case {
  readonly endpoint: string
  readonly start: () => Server
  readonly code: string
  readonly message: RegExp
  /** Detected only by the timeout. */
  readonly isLate?: true
}

const cases: readonly Case[] = [
  {
    endpoint: 'accepts the connection and is silent',
    isLate: true,
    start: tcp(() => undefined),
    code: 'SNOWFLAKE_UNREACHABLE',
    message: /No response to the login for \d+ milliseconds\..*timeout/,
  },
  {
    endpoint: 'starts a response and stops',
    isLate: true,
    start: tcp((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"da'),
    ),
    code: 'SNOWFLAKE_UNREACHABLE',
    message: /No response to the login for \d+ milliseconds\./,
  },
  {
    endpoint: 'sends its response byte by byte',
    isLate: true,
    start: http((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 200)
      response.on('close', () => clearInterval(timer))
    }),
    code: 'SNOWFLAKE_UNREACHABLE',
    message: /No response to the login/,
  },
  {
    endpoint: 'closes the connection',
    start: tcp((socket) => socket.once('data', () => socket.destroy())),
    code: 'SNOWFLAKE_UNREACHABLE',
    message: /socket hang up.*Snowflake is not reachable from here/,
  },
  {
    endpoint: 'returns 503',
    start: http((_, response) => json(response, 503, {})),
    code: 'SNOWFLAKE_UNREACHABLE',
    message: /Snowflake is reachable but returns server errors\./,
  },
  {
    endpoint: 'returns 429',
    start: http((_, response) => json(response, 429, {})),
    code: 'SNOWFLAKE_BUSY',
    message: /^Snowflake throttles the service’s requests/,
  },
  {
    endpoint: 'returns an HTML page',
    start: http((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')),
    code: 'SNOWFLAKE_UNUSABLE',
    message: /a proxy, a captive portal, or another web server/,
  },
  {
    endpoint: 'does not speak HTTP',
    start: tcp((socket) => socket.once('data', () => socket.end('220 mail\r\n'))),
    code: 'SNOWFLAKE_UNUSABLE',
    message: /a proxy, a captive portal, or another web server/,
  },
  {
    endpoint: 'returns 403, as for an account that does not exist',
    start: http((_, response) => json(response, 403, {})),
    code: 'SNOWFLAKE_UNUSABLE',
    message: /No Snowflake account has this identifier/,
  },
  {
    endpoint: 'accepts the login, and is then silent',
    isLate: true,
    start: afterLogin(() => undefined),
    code: 'SNOWFLAKE_UNREACHABLE',
    message: /No response to the query for \d+ milliseconds\./,
  },
  {
    endpoint: 'accepts the login, and then returns 503',
    isLate: true,
    start: afterLogin((response) => json(response, 503, {})),
    code: 'SNOWFLAKE_UNREACHABLE',
    message: /No response to the query.*Snowflake is reachable but returns server errors\./,
  },
]

for (const { endpoint, start, code, message, isLate } of cases) {
  test(`an endpoint that ${endpoint} is diagnosed in time, and nothing continues afterwards`, async (t) => {
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
    const startedAt = performance.now()
    const failure = await createProbe(probeVariables({ url: `http://127.0.0.1:${port}` }, keyVariables()))(
      remainingMs,
    ).then(
      () => assert.fail('the probe must fail'),
      (thrown: unknown) => thrown,
    )
    const took = performance.now() - startedAt
    assert.ok(failure instanceof ServiceError, String(failure))
    assert.equal(failure.code, code, failure.message)
    assert.match(failure.message, message)
    assert.ok(took < remainingMs, `${took} ms`)
    assert.equal(took > remainingMs - 1_500, isLate ?? false, `${took} ms`)
    const before = connections
    await setTimeout(1_500) // the driver would retry within a second
    assert.deepEqual([connections, open.size], [before, 0])
  })
}
