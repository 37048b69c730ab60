import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { verify } from '../../../local/sigv4/index.ts'
import { lambdaAnswerLimit } from '../../../shared/http/index.ts'
import { credentials, invoking, target } from './invoking.ts'
import { json, ok, partsOf, type RecordingTarget, type Reply, recordingTarget } from './recording-target.ts'

const started: RecordingTarget[] = []
after(() => Promise.all(started.map((one) => one.stop())))

const recording = async (reply: Reply) => {
  const one = await recordingTarget(reply)
  started.push(one)
  return one
}

test('GET /status arrives signed for the service and region of the map, and its answer is data', async () => {
  const graph = await recording(() => json({ status: 'healthy', dbEngineVersion: '1.3.2.0' }, 'X-Amzn-RequestId: r1'))
  const { call, counted } = invoking({ graph: target(graph.url) })
  assert.deepEqual(await call({ target: 'graph', path: '/status' }), {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': 'r1' },
    body: { status: 'healthy', dbEngineVersion: '1.3.2.0' },
  })
  const { line, headers } = partsOf(graph.requests[0] ?? '')
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

test('what is sent is what was signed, in the judgement of the verifier: path, query, body, headers and port', async () => {
  const orders = await recording(() => json({}))
  const { call } = invoking({
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
  const { line, body } = partsOf(request)
  const [method = '', wireTarget = ''] = line.split(' ')
  assert.ok(wireTarget.startsWith('/prod/orders/Zo%C3%AB%27s%20%281%29?'), wireTarget)
  const rawHeaders =
    request
      .split('\r\n\r\n')[0]
      ?.split('\r\n')
      .slice(1)
      .flatMap((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1).trim()]) ?? []
  const verdict = verify(
    { method, target: wireTarget, rawHeaders, body: Buffer.from(body, 'latin1'), sourceIp: '127.0.0.1' },
    {
      service: 'execute-api',
      region: 'eu-central-1',
      clockSkewMinutes: 5,
      now: () => new Date(),
      findKey: () => ({ ...credentials, owner: 'the session' }),
    },
  )
  assert.ok(verdict.verified, JSON.stringify(verdict))
})

const answers: readonly { readonly claim: string; readonly answer: string | Buffer; readonly expected: object }[] = [
  {
    claim: 'a redirect is an answer and is not followed',
    answer: 'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n',
    expected: { status: 302, headers: { location: 'http://169.254.169.254/latest/' }, body: '' },
  },
  {
    claim: 'a failure of the target is data',
    answer: 'HTTP/1.1 503 Slow Down\r\nContent-Length: 4\r\n\r\nbusy',
    expected: { status: 503, headers: {}, body: 'busy' },
  },
  {
    claim: 'bytes that are no text are base64 and say so',
    answer: ok(Buffer.from([0, 255, 128, 10]), 'Content-Type: application/octet-stream'),
    expected: {
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: 'AP+ACg==',
      isBase64Encoded: true,
    },
  },
  {
    claim: 'a body in another encoding is base64 and says so',
    answer: ok('plain after all', 'Content-Encoding: br'),
    expected: {
      status: 200,
      headers: { 'content-encoding': 'br' },
      body: Buffer.from('plain after all').toString('base64'),
      isBase64Encoded: true,
    },
  },
  {
    claim: 'what says that it is JSON and is not, is text',
    answer: ok('{"a":', 'Content-Type: application/json'),
    expected: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":' },
  },
  {
    claim: 'JSON nested deeper than it could be written again is text',
    answer: ok('['.repeat(5_000) + ']'.repeat(5_000), 'Content-Type: application/json'),
    expected: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '['.repeat(5_000) + ']'.repeat(5_000),
    },
  },
  {
    claim: 'cookies, challenges and headers of the connection stay behind',
    answer:
      'HTTP/1.1 401 No\r\nSet-Cookie: a=b\r\nWWW-Authenticate: Basic\r\nX-Amz-Security-Token: t\r\nX-Auth-Token: t\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: x\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n',
    expected: { status: 401, headers: { etag: '"1"' }, body: '' },
  },
]

for (const { claim, answer, expected } of answers) {
  test(claim, async () => {
    const graph = await recording(() => answer)
    const { call } = invoking({ graph: target(graph.url) })
    assert.deepEqual(await call({ target: 'graph', path: '/status' }), expected)
    assert.equal(graph.requests.length, 1)
  })
}

test('numbers of a JSON answer keep their digits', async () => {
  const graph = await recording(() =>
    ok('{"n":9007199254740993,"m":12.30}', 'Content-Type: application/vnd.x+json; charset=utf-8'),
  )
  const { body } = await invoking({ graph: target(graph.url) }).call({ target: 'graph', path: '/status' })
  assert.equal(JSON.stringify(body), '{"n":9007199254740993,"m":12.30}')
})

const bodies: readonly {
  readonly claim: string
  readonly asked: object
  readonly body: string
  readonly type?: string
}[] = [
  {
    claim: 'an object is sent as JSON',
    asked: { body: { a: [1, 'ë'] } },
    body: '{"a":[1,"ë"]}',
    type: 'application/json',
  },
  {
    claim: 'a text is sent as it is',
    asked: { body: 'query=RETURN 1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    body: 'query=RETURN 1',
    type: 'application/x-www-form-urlencoded',
  },
  { claim: 'base64 that says so is sent as bytes', asked: { body: 'w6s=', isBase64Encoded: true }, body: 'ë' },
]

for (const { claim, asked, body, type } of bodies) {
  test(`as a body, ${claim}`, async () => {
    const graph = await recording(() => ok(''))
    await invoking({ graph: target(graph.url) }).call({ target: 'graph', path: '/openCypher', ...asked })
    const { line, headers, body: sent } = partsOf(graph.requests[0] ?? '')
    assert.deepEqual(
      [line, headers.get('content-type'), Buffer.from(sent, 'latin1').toString()],
      ['POST /openCypher HTTP/1.1', type, body],
    )
  })
}

test('a row carries its batch as Idempotency-Key, unless the request has one or cannot harm', async () => {
  const graph = await recording(() => ok(''))
  const { call } = invoking({ graph: target(graph.url) })
  const row = { rowId: '01b2-batch:4' }
  await call({ target: 'graph', path: '/openCypher', body: 'x' }, row)
  await call({ target: 'graph', path: '/openCypher', body: 'x', headers: { 'Idempotency-Key': 'mine' } }, row)
  await call({ target: 'graph', path: '/status' }, row)
  const keys = graph.requests.map((request) => partsOf(request).headers.get('idempotency-key'))
  assert.deepEqual(keys, ['01b2-batch:4', 'mine', undefined])
})

test('rows share a connection', async () => {
  const graph = await recording(() => ok(''))
  const { call } = invoking({ graph: target(graph.url) })
  for (let row = 0; row < 5; row++) await call({ target: 'graph', path: '/status' })
  assert.equal(graph.connections(), 1)
})

test('a GET whose connection ends is sent once more', async () => {
  const graph = await recording((_, nth) => (nth === 0 ? 'hang up' : ok('second')))
  const { call, counted } = invoking({ graph: target(graph.url) })
  assert.equal((await call({ target: 'graph', path: '/status' })).body, 'second')
  assert.equal(counted.signatures, 2)
})

test('a POST whose connection ends is not sent again, and its outcome is said to be unknown', async () => {
  const graph = await recording(() => 'hang up')
  const refused = await invoking({ graph: target(graph.url) }).refusal({
    target: 'graph',
    path: '/openCypher',
    body: 'x',
  })
  assert.deepEqual([refused.code, refused.status, graph.requests.length], ['TARGET_OUTCOME_UNKNOWN', 422, 1])
})

test('a target that nobody listens at is unreachable, for a POST as well', async () => {
  const gone = await recordingTarget(() => undefined)
  await gone.stop()
  const refused = await invoking({ graph: target(gone.url) }).refusal({
    target: 'graph',
    path: '/openCypher',
    body: 'x',
  })
  assert.deepEqual([refused.code, refused.status], ['TARGET_UNREACHABLE', 503])
})

test('what speaks no HTTP is unusable', async () => {
  const graph = await recording(() => 'SSH-2.0-OpenSSH_9.6\r\n')
  const refused = await invoking({ graph: target(graph.url) }).refusal({ target: 'graph', path: '/status' })
  assert.deepEqual([refused.code, refused.status], ['TARGET_UNUSABLE', 422])
})

for (const [method, path, code, status] of [
  ['GET', '/status', 'TARGET_UNREACHABLE', 503],
  ['POST', '/openCypher', 'TARGET_OUTCOME_UNKNOWN', 422],
] as const) {
  test(`a target that is silent costs ${method} no more than the time there is, and is sent it once`, async () => {
    const graph = await recording(() => undefined)
    const began = performance.now()
    const refused = await invoking({ graph: target(graph.url) }).refusal(
      { target: 'graph', method, path },
      { remainingMilliseconds: () => 800 },
    )
    assert.deepEqual([refused.code, refused.status, graph.requests.length], [code, status, 1])
    assert.ok(performance.now() - began < 790)
  })
}

test('an answer beyond the limit is refused with the limit and the size, announced or not', async () => {
  const size = lambdaAnswerLimit + 1
  const announced = await recording(() => `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
  const chunked = await recording(() =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`),
      Buffer.alloc(size, 'x'),
    ]),
  )
  const { refusal } = invoking({ one: target(announced.url), two: target(chunked.url) })
  const one = await refusal({ target: 'one', path: '/status' })
  const two = await refusal({ target: 'two', path: '/status' })
  assert.deepEqual([one.code, one.status, two.code, two.status], ['ANSWER_TOO_LARGE', 413, 'ANSWER_TOO_LARGE', 413])
  assert.match(one.message, /The target sent 6291557 bytes; 6291556 are allowed\.$/)
  assert.match(two.message, /The target sent at least 62915\d\d bytes; 6291556 are allowed\.$/)
})
