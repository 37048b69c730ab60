import assert from 'node:assert/strict'
import { after, mock, test } from 'node:test'
import { inspect } from 'node:util'
import { invokeRow } from '../../../functions/invoke/handler.ts'
import { createLambdaHandler } from '../../../shared/http/index.ts'
import { context, proxyEvent } from '../../shared/http/lambda-events.ts'
import { createInvokeHarness, plantedSecret, target } from './invoke-harness.ts'
import { ok, parseRequestText, type RecordingTarget, type Reply, startRecordingTarget } from './recording-target.ts'

const started: RecordingTarget[] = []
after(() => Promise.all(started.map((one) => one.stop())))

/** The ways in which servers echo a request. */
const echoes: Readonly<Record<string, (request: string) => string | Buffer>> = {
  unchanged: (request) => ok(request),
  'as JSON, slashes escaped': (request) =>
    ok(
      JSON.stringify({ request, headers: Object.fromEntries(parseRequestText(request).headers) }).replaceAll(
        '/',
        '\\/',
      ),
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
  'within binary data': (request) => ok(Buffer.concat([Buffer.from([255, 0]), Buffer.from(request)])),
  'in headers, a redirect among them': (request) => {
    const token = parseRequestText(request).headers.get('x-amz-security-token')
    const authorization = parseRequestText(request).headers.get('authorization')
    return `HTTP/1.1 302 ${token}\r\nLocation: https://evil.example/?t=${token}\r\nX-Echo: ${authorization} ${token}\r\nX-Amz-Security-Token: ${token}\r\nSet-Cookie: t=${token}\r\nETag: "${token}"\r\nContent-Length: 0\r\n\r\n`
  },
  'in AWS’s message for a wrong signature': (request) => {
    const { headers } = parseRequestText(request)
    return ok(
      JSON.stringify({
        message: `The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'GET\n/status\n\nx-amz-security-token:${headers.get('x-amz-security-token')}'`,
      }),
      'Content-Type: application/json',
    )
  },
  'in a response that is not HTTP': (request) =>
    `${parseRequestText(request).headers.get('x-amz-security-token')}\r\n\r\n`,
  'in an incomplete response': (request) => `HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${request}`,
  'in a response that is too large': (request) => `HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n${request}`,
}

/** Everything that is visible outside the target: the response and all printed lines. */
const visibleOutput = async (
  reply: Reply,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ text: string; signature: string }> => {
  const graph = await startRecordingTarget(reply)
  started.push(graph)
  const printed: string[] = []
  const streams = (['log', 'error', 'warn', 'info'] as const).map((name) =>
    mock.method(console, name, (...line: unknown[]) => printed.push(inspect(line))),
  )
  const { call } = createInvokeHarness({ graph: target(graph.url) })
  const handler = createLambdaHandler(
    (input, requestContext) => call(input, { ...requestContext, remainingMilliseconds: () => 1_200 }),
    invokeRow,
  )
  const response = await handler(
    proxyEvent({ body, headers: { 'content-type': 'application/json', ...headers } }),
    context(),
  )
  for (const { mock } of streams) mock.restore()
  const { body: text } = response as { body: string }
  const decoded = [...text.matchAll(/"body":"([A-Za-z0-9+/=]{16,})"/g)].map(([, one = '']) =>
    Buffer.from(one, 'base64').toString('latin1'),
  )
  const [, signature = ''] = /Signature=([0-9a-f]{64})/.exec(graph.requests[0] ?? '') ?? []
  return { text: [JSON.stringify(response), ...printed, ...decoded].join('\n'), signature }
}

for (const [how, reply] of Object.entries(echoes)) {
  test(`a target that echoes ${how} does not reveal a secret of the service to the caller or the log`, async () => {
    for (const [body, headers] of [
      ['{"target":"graph","path":"/status"}', undefined],
      ['{"data":[[0,"graph",{"path":"/status"}]]}', { 'sf-external-function-format': 'json' }],
      [
        '{"data":[[0,"graph",{"path":"/status"}]]}',
        { 'sf-external-function-format': 'json', 'sf-custom-on-error': 'fail' },
      ],
    ] as const) {
      const { text, signature } = await visibleOutput(reply, body, headers)
      assert.equal(signature.length, 64)
      assert.ok(!text.includes(plantedSecret), text)
      assert.ok(!text.includes(signature), text)
    }
  })
}

test('masking does not change the rest of the response', async () => {
  const { text } = await visibleOutput(
    (request) => ok(`before ${parseRequestText(request).headers.get('x-amz-security-token')} after ë`),
    '{"target":"graph","path":"/status"}',
  )
  assert.match(text, /before \*\*\* after ë/)
})

test('a secret in a rejected request is in no message and no log line', async () => {
  for (const request of [
    { target: 'graph', path: '/status', headers: { Authorization: `Bearer ${plantedSecret}` } },
    { target: 'graph', path: '/status', headers: { [`X ${plantedSecret}`]: 'x' } },
    { target: 'graph', path: '/status', headers: { 'X-Note': `${plantedSecret}\n` } },
    { target: 'graph', path: `/${plantedSecret}` },
    { target: 'graph', path: `/..%2f${plantedSecret}` },
    { target: 'graph', path: '/status', query: { 'X-Amz-Security-Token': plantedSecret } },
    { target: 'graph', path: '/status', query: { [`a\n${plantedSecret}`]: plantedSecret } },
    { target: 'graph', path: '/status', body: plantedSecret, isBase64Encoded: true },
    { target: 'graph', path: '/status', method: plantedSecret },
    { target: plantedSecret, path: '/status' },
    { target: 'graph', path: '/status', [plantedSecret]: plantedSecret },
  ]) {
    const { text } = await visibleOutput(() => ok('allowed'), JSON.stringify(request))
    assert.ok(!text.includes(plantedSecret), text)
    assert.match(text, /INPUT_INVALID|TARGET_UNKNOWN|TARGET_REQUEST_REFUSED/)
  }
})
