import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { verifySignature } from '../../../local/sigv4/index.ts'
import { lambdaResponseLimit } from '../../../shared/http/index.ts'
import { createInvokeHarness, credentials, target } from './invoke-harness.ts'
import {
  json,
  ok,
  parseRequestText,
  type RecordingTarget,
  type Reply,
  startRecordingTarget,
} from './recording-target.ts'

const started: RecordingTarget[] = []
after(() => Promise.all(started.map((one) => one.stop())))

const recording = async (reply: Reply) => {
  const one = await startRecordingTarget(reply)
  started.push(one)
  return one
}

test('GET /status is signed for the service and region of the access map, and its response is data', async () => {
  const graph = await recording(() => json({ status: 'healthy', dbEngineVersion: '1.3.2.0' }, 'X-Amzn-RequestId: r1'))
  const { call, counted } = createInvokeHarness({ graph: target(graph.url) })
  assert.deepEqual(await call({ target: 'graph', path: '/status' }), {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': 'r1' },
    body: { status: 'healthy', dbEngineVersion: '1.3.2.0' },
  })
  const { line, headers } = parseRequestText(graph.requests[0] ?? '')
  assert.equal(line, 'GET /status HTTP/1.1')
  assert.match(
    headers.get('authorization') ?? '',
    /Credential=ASIAEXAMPLE000000001\/\d{8}\/ap-northeast-1\/neptune-db\/aws4_request/,
  )
  assert.equal(headers.get('host'), new URL(graph.url).host)
  assert.deepEqual(counted.logins, [
    { sessionName: 'snowgate-dev-analytics@nightly', sourceIdentity: '111111111111-snowgate-dev-analytics' },
  ])
})

test('the verifier accepts the sent path, query, body, headers and port', async () => {
  const orders = await recording(() => json({}))
  const { call } = createInvokeHarness({
    orders: target(`${orders.url}/prod`, {
      service: 'execute-api',
      region: 'eu-central-1',
      allow: ['PUT /orders/{id}'],
    }),
  })
  const { status } = await call({
    target: 'orders',
    method: 'PUT',
    path: "/orders/Zo%C3%AB's%20(1)",
    query: { q: "a b+c/d=e&f*'!", list: ['2', '1'], 'na me': 7, empty: '' },
    headers: { 'X-Trace': '  two   blanks  ', Accept: 'application/json' },
    body: { n: 1 },
  })
  assert.equal(status, 200)
  const [request = ''] = orders.requests
  const { line, body } = parseRequestText(request)
  const [method = '', wireTarget = ''] = line.split(' ')
  assert.ok(wireTarget.startsWith('/prod/orders/Zo%C3%AB%27s%20%281%29?'), wireTarget)
  const rawHeaders =
    request
      .split('\r\n\r\n')[0]
      ?.split('\r\n')
      .slice(1)
      .flatMap((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1).trim()]) ?? []
  const verification = verifySignature(
    { method, target: wireTarget, rawHeaders, body: Buffer.from(body, 'latin1'), sourceIp: '127.0.0.1' },
    {
      service: 'execute-api',
      region: 'eu-central-1',
      clockSkewMinutes: 5,
      now: () => new Date(),
      findKey: () => ({ ...credentials, owner: 'the session' }),
    },
  )
  assert.ok(verification.verified, JSON.stringify(verification))
})

const responses: readonly { readonly claim: string; readonly response: string | Buffer; readonly expected: object }[] =
  [
    {
      claim: 'a redirect is a response and is not followed',
      response: 'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n',
      expected: { status: 302, headers: { location: 'http://169.254.169.254/latest/' }, body: '' },
    },
    {
      claim: 'a failure of the target is data',
      response: 'HTTP/1.1 503 Slow Down\r\nContent-Length: 4\r\n\r\nbusy',
      expected: { status: 503, headers: {}, body: 'busy' },
    },
    {
      claim: 'binary data is base64, with isBase64Encoded',
      response: ok(Buffer.from([0, 255, 128, 10]), 'Content-Type: application/octet-stream'),
      expected: {
        status: 200,
        headers: { 'content-type': 'application/octet-stream' },
        body: 'AP+ACg==',
        isBase64Encoded: true,
      },
    },
    {
      claim: 'a body with a content encoding is base64, with isBase64Encoded',
      response: ok('plain after all', 'Content-Encoding: br'),
      expected: {
        status: 200,
        headers: { 'content-encoding': 'br' },
        body: Buffer.from('plain after all').toString('base64'),
        isBase64Encoded: true,
      },
    },
    {
      claim: 'invalid JSON with a JSON content type is text',
      response: ok('{"a":', 'Content-Type: application/json'),
      expected: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":' },
    },
    {
      claim: 'JSON that is nested too deeply to be serialized is text',
      response: ok('['.repeat(5_000) + ']'.repeat(5_000), 'Content-Type: application/json'),
      expected: {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '['.repeat(5_000) + ']'.repeat(5_000),
      },
    },
    {
      claim: 'cookies, challenges and headers of the connection are removed',
      response:
        'HTTP/1.1 401 No\r\nSet-Cookie: a=b\r\nWWW-Authenticate: Basic\r\nX-Amz-Security-Token: t\r\nX-Auth-Token: t\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: x\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n',
      expected: { status: 401, headers: { etag: '"1"' }, body: '' },
    },
  ]

for (const { claim, response, expected } of responses) {
  test(claim, async () => {
    const graph = await recording(() => response)
    const { call } = createInvokeHarness({ graph: target(graph.url) })
    assert.deepEqual(await call({ target: 'graph', path: '/status' }), expected)
    assert.equal(graph.requests.length, 1)
  })
}

test('numbers of a JSON response keep their digits', async () => {
  const graph = await recording(() =>
    ok('{"n":9007199254740993,"m":12.30}', 'Content-Type: application/vnd.x+json; charset=utf-8'),
  )
  const { body } = await createInvokeHarness({ graph: target(graph.url) }).call({ target: 'graph', path: '/status' })
  assert.equal(JSON.stringify(body), '{"n":9007199254740993,"m":12.30}')
})

const bodies: readonly {
  readonly claim: string
  readonly request: object
  readonly body: string
  readonly type?: string
}[] = [
  {
    claim: 'an object is sent as JSON',
    request: { body: { a: [1, 'ë'] } },
    body: '{"a":[1,"ë"]}',
    type: 'application/json',
  },
  {
    claim: 'a text is sent unchanged',
    request: { body: 'query=RETURN 1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    body: 'query=RETURN 1',
    type: 'application/x-www-form-urlencoded',
  },
  {
    claim: 'base64 with isBase64Encoded is sent as bytes',
    request: { body: 'w6s=', isBase64Encoded: true },
    body: 'ë',
  },
]

for (const { claim, request, body, type } of bodies) {
  test(`as a body, ${claim}`, async () => {
    const graph = await recording(() => ok(''))
    await createInvokeHarness({ graph: target(graph.url) }).call({ target: 'graph', path: '/openCypher', ...request })
    const { line, headers, body: sent } = parseRequestText(graph.requests[0] ?? '')
    assert.deepEqual(
      [line, headers.get('content-type'), Buffer.from(sent, 'latin1').toString()],
      ['POST /openCypher HTTP/1.1', type, body],
    )
  })
}

test('a row has an Idempotency-Key, unless the request has one or is safe', async () => {
  const graph = await recording(() => ok(''))
  const { call } = createInvokeHarness({ graph: target(graph.url) })
  const row = { rowId: '01b2-batch:4' }
  await call({ target: 'graph', path: '/openCypher', body: 'x' }, row)
  await call({ target: 'graph', path: '/openCypher', body: 'x', headers: { 'Idempotency-Key': 'mine' } }, row)
  await call({ target: 'graph', path: '/status' }, row)
  const keys = graph.requests.map((request) => parseRequestText(request).headers.get('idempotency-key'))
  assert.deepEqual(keys, ['01b2-batch:4', 'mine', undefined])
})

test('rows share a connection', async () => {
  const graph = await recording(() => ok(''))
  const { call } = createInvokeHarness({ graph: target(graph.url) })
  for (let row = 0; row < 5; row++) await call({ target: 'graph', path: '/status' })
  assert.equal(graph.connections(), 1)
})

test('a GET whose connection ends is sent once more', async () => {
  const graph = await recording((_, nth) => (nth === 0 ? 'hang up' : ok('second')))
  const { call, counted } = createInvokeHarness({ graph: target(graph.url) })
  assert.equal((await call({ target: 'graph', path: '/status' })).body, 'second')
  assert.equal(counted.signatures, 2)
})

test('a POST whose connection ends is not sent again, and its outcome is unknown', async () => {
  const graph = await recording(() => 'hang up')
  const rejected = await createInvokeHarness({ graph: target(graph.url) }).rejection({
    target: 'graph',
    path: '/openCypher',
    body: 'x',
  })
  assert.deepEqual([rejected.code, rejected.status, graph.requests.length], ['TARGET_OUTCOME_UNKNOWN', 422, 1])
})

test('a target without a listener is unreachable, for a POST too', async () => {
  const gone = await startRecordingTarget(() => undefined)
  await gone.stop()
  const rejected = await createInvokeHarness({ graph: target(gone.url) }).rejection({
    target: 'graph',
    path: '/openCypher',
    body: 'x',
  })
  assert.deepEqual([rejected.code, rejected.status], ['TARGET_UNREACHABLE', 503])
})

test('a target that does not speak HTTP is unusable', async () => {
  const graph = await recording(() => 'SSH-2.0-OpenSSH_9.6\r\n')
  const rejected = await createInvokeHarness({ graph: target(graph.url) }).rejection({
    target: 'graph',
    path: '/status',
  })
  assert.deepEqual([rejected.code, rejected.status], ['TARGET_UNUSABLE', 422])
})

for (const [method, path, code, status] of [
  ['GET', '/status', 'TARGET_UNREACHABLE', 503],
  ['POST', '/openCypher', 'TARGET_OUTCOME_UNKNOWN', 422],
] as const) {
  test(`a silent target takes no more than the available time, and gets ${method} once`, async () => {
    const graph = await recording(() => undefined)
    const startedAt = performance.now()
    const rejected = await createInvokeHarness({ graph: target(graph.url) }).rejection(
      { target: 'graph', method, path },
      { remainingMilliseconds: () => 800 },
    )
    assert.deepEqual([rejected.code, rejected.status, graph.requests.length], [code, status, 1])
    assert.ok(performance.now() - startedAt < 790)
  })
}

test('a response above the limit is an error with limit and size, with or without Content-Length', async () => {
  const size = lambdaResponseLimit + 1
  const announced = await recording(() => `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
  const chunked = await recording(() =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`),
      Buffer.alloc(size, 'x'),
    ]),
  )
  const { rejection } = createInvokeHarness({ one: target(announced.url), two: target(chunked.url) })
  const one = await rejection({ target: 'one', path: '/status' })
  const two = await rejection({ target: 'two', path: '/status' })
  assert.deepEqual([one.code, one.status, two.code, two.status], ['ANSWER_TOO_LARGE', 413, 'ANSWER_TOO_LARGE', 413])
  assert.match(one.message, /The target sent 6291557 bytes; the limit is 6291556\.$/)
  assert.match(two.message, /The target sent at least 62915\d\d bytes; the limit is 6291556\.$/)
})
