import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { propertyRuns } from '../../../property-runs.ts'
import { type RunningStack, runningStack, sign } from '../../running-stack.ts'

let stack: RunningStack
before(async () => {
  stack = await runningStack()
})
after(() => stack.stop())

/** Whatever bytes, on a connection of their own; resolves with what came back before the connection ended. */
const exchange = (bytes: string | Buffer): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(stack.url)
    const socket = connect(Number(port), hostname, () => socket.end(bytes))
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    socket.on('error', () => resolve(received))
    socket.on('close', () => resolve(received))
    // Half a request keeps the server waiting for the rest.
    socket.setTimeout(500, () => socket.destroy())
  })

const isAccepted = (received: string) => /^HTTP\/1\.1 2/.test(received)

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '..',
    '../../',
    '//',
    '\\',
    '\t',
    '\u00e9',
    '{proxy+}',
    '__proto__',
    'x'.repeat(5_000),
  ),
)
const oddHeader = fc.tuple(
  fc.constantFrom(
    'Authorization',
    'X-Amz-Date',
    'X-Amz-Security-Token',
    'Content-Encoding',
    'Content-Type',
    'Host',
    'X-Odd',
    'Content-Length',
    'Transfer-Encoding',
  ),
  fc.oneof(
    oddText,
    fc.constantFrom(
      'AWS4-HMAC-SHA256',
      'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00',
      'Bearer x',
      'gzip',
      'chunked',
      '-1',
      '99999999999',
    ),
  ),
)
const oddRequest = fc.record({
  method: fc.oneof(
    fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'TRACE', 'BREW'),
    fc.string({ maxLength: 5 }),
  ),
  target: fc.oneof(
    oddText.map((text) => `/dev/hello?${text}`),
    oddText.map((text) => `/dev/${text}`),
    oddText.map((text) => `/${text}`),
    fc.constantFrom(
      '/',
      '*',
      '/?Action=AssumeRole',
      '/2015-03-31/functions/x/invocations',
      '/_snowgate/../dev/hello',
      'http://elsewhere/dev/hello',
    ),
  ),
  headers: fc.array(oddHeader, { maxLength: 6 }),
  body: fc.oneof(oddText, fc.json()),
})

test('malformed requests, sixteen at once, neither let anybody in nor bring the stack down', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(oddRequest, { minLength: 16, maxLength: 16 }), async (requests) => {
      const received = await Promise.all(
        requests.map(({ method, target, headers, body }) =>
          exchange(
            Buffer.from(
              `${method} ${target} HTTP/1.1\r\nHost: ${stack.host}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}Connection: close\r\n\r\n${body}`,
            ),
          ),
        ),
      )
      for (const [index, answer] of received.entries()) {
        const request = requests[index]
        assert.ok(!isAccepted(answer), `${request?.method} ${request?.target} was let in: ${answer.slice(0, 200)}`)
        assert.ok(!answer.includes('local stack:'), `${request?.method} ${request?.target} met a defect: ${answer}`)
      }
    }),
    { numRuns: propertyRuns(150) },
  )
})

test('bytes that are no HTTP at all do no harm', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      assert.ok(!isAccepted(await exchange(Buffer.from(bytes))))
    }),
    { numRuns: propertyRuns(100) },
  )
})

test('odd bodies and queries from an admitted caller, eight at once, are greeted or rejected with 4xx, never 5xx', async () => {
  const caller = await stack.identity('reporting')
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.jsonValue().map((name) => JSON.stringify({ name })),
    fc.string(),
  )
  const query = fc.oneof(
    fc.constant(''),
    fc.webQueryParameters().map((text) => `?${text}`),
  )
  const mediaType = fc.constantFrom(
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'application/x-www-form-urlencoded',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(body, query, mediaType), { minLength: 8, maxLength: 8 }), async (requests) => {
      const answers = await Promise.all(
        requests.map(([text, search, type]) =>
          stack.send(
            sign({ path: `/dev/hello${search}`, body: text, headers: { 'Content-Type': type } }, caller, stack),
          ),
        ),
      )
      for (const { status, body: answered } of answers) {
        assert.ok([200, 400, 403, 415].includes(status), `${status} ${answered}`)
        JSON.parse(answered)
      }
    }),
    { numRuns: propertyRuns(150) },
  )
})

test('after all that the stack still greets an admitted caller', async () => {
  const answer = await stack.send(
    sign({ path: '/dev/hello', body: '{"name":"Alice"}' }, await stack.identity('reporting'), stack),
  )
  assert.deepEqual({ status: answer.status, body: answer.body }, { status: 200, body: '"Hello, Alice"' })
})
