import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { handler } from '../../../functions/hello/handler.ts'
import { propertyRuns } from '../../property-runs.ts'
import { context, proxyEvent } from '../../shared/http/lambda-events.ts'

const invoke = (event: unknown) => handler(event, context())

/** A batch as an external function posts it. */
const batch = (body: string, headers: Readonly<Record<string, string>> = {}) =>
  proxyEvent({ body, headers: { 'SF-External-Function-Format': 'json', ...headers } })

test('the response to a bare object is a status and a JSON text without headers', async () => {
  assert.deepEqual(await invoke({ name: 'Alice' }), { statusCode: 200, body: '"Hello, Alice"' })
})

test('the response to a proxy event is the JSON value as body, with its media type', async () => {
  assert.deepEqual(await invoke(proxyEvent({ body: '{"name":"Alice"}' })), {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '"Hello, Alice"',
  })
})

const greetings: readonly { claim: string; event: unknown; greeting: string }[] = [
  { claim: 'no name at all', event: {}, greeting: 'Hello!' },
  { claim: 'a name that is null', event: { name: null }, greeting: 'Hello!' },
  { claim: 'an empty name', event: { name: '' }, greeting: 'Hello!' },
  { claim: 'unknown members', event: { name: 'Alice', role: 'admin' }, greeting: 'Hello, Alice' },
  {
    claim: 'a media type with the suffix +json',
    event: proxyEvent({ body: '{"name":"Alice"}', headers: { 'content-type': 'application/vnd.example+json' } }),
    greeting: 'Hello, Alice',
  },
  {
    claim: 'a body with a plain key constructor',
    event: proxyEvent({ body: '{"name":"Alice","constructor":null}' }),
    greeting: 'Hello, Alice',
  },
  { claim: 'a name inherited from a prototype', event: Object.create({ name: 'Mallory' }), greeting: 'Hello!' },
  { claim: 'a POST without a body', event: proxyEvent({ body: null, headers: {} }), greeting: 'Hello!' },
  { claim: 'a PUT', event: proxyEvent({ httpMethod: 'PUT', body: '{"name":"Alice"}' }), greeting: 'Hello, Alice' },
  {
    claim: 'the query parameters of a GET',
    event: proxyEvent({ httpMethod: 'GET', body: null, headers: null, queryStringParameters: { name: 'Zoë' } }),
    greeting: 'Hello, Zoë',
  },
  {
    claim: 'a base64 body',
    event: proxyEvent({ body: Buffer.from('{"name":"Zoë"}').toString('base64'), isBase64Encoded: true }),
    greeting: 'Hello, Zoë',
  },
  {
    claim: 'a gzip body',
    event: proxyEvent({ body: gzipSync('{"name":"Zoë"}').toString('base64'), isBase64Encoded: true }),
    greeting: 'Hello, Zoë',
  },
  {
    claim: 'a plain body with a leftover Content-Encoding header',
    event: proxyEvent({
      body: '{"name":"Zoë"}',
      headers: { 'content-type': 'application/json', 'Content-Encoding': 'gzip' },
    }),
    greeting: 'Hello, Zoë',
  },
  {
    claim: 'a media type in another case with a parameter',
    event: proxyEvent({ body: '{"name":"Alice"}', headers: { 'CONTENT-TYPE': 'Application/JSON; charset=utf-8' } }),
    greeting: 'Hello, Alice',
  },
  ...['李雷', 'Ἀριστοτέλης', 'عَلِي', 'नेहा', '👩🏽‍🚀', 'a"b\\c\n\u0001'].map((name) => ({
    claim: `the name ${JSON.stringify(name)}`,
    event: proxyEvent({ body: JSON.stringify({ name }) }),
    greeting: `Hello, ${name}`,
  })),
]

for (const { claim, event, greeting } of greetings) {
  test(`${claim} is greeted with ${JSON.stringify(greeting)}`, async () => {
    const { statusCode, body } = await invoke(event)
    assert.deepEqual({ statusCode, greeting: JSON.parse(body) }, { statusCode: 200, greeting })
  })
}

const batches: readonly { claim: string; body: string; values: readonly unknown[] }[] = [
  { claim: 'hello(name)', body: '{"data":[[0,"Alice"],[1,"李雷"]]}', values: ['Hello, Alice', 'Hello, 李雷'] },
  { claim: 'hello()', body: '{"data":[[0],[1]]}', values: ['Hello!', 'Hello!'] },
  { claim: 'hello(NULL) and hello of an empty text', body: '{"data":[[0,null],[1,""]]}', values: ['Hello!', 'Hello!'] },
  { claim: 'a batch without rows', body: '{"data":[]}', values: [] },
  {
    claim: 'hello of a number among names',
    body: '{"data":[[0,"Alice"],[1,12.30],[2,"Zoë"]]}',
    values: [
      'Hello, Alice',
      {
        error: {
          code: 'INPUT_INVALID',
          message: 'The input is invalid. "name" must be a string or absent.',
        },
      },
      'Hello, Zoë',
    ],
  },
]

for (const { claim, body, values } of batches) {
  test(`${claim} returns one value for each row`, async () => {
    const { statusCode, body: text } = await invoke(batch(body))
    assert.equal(statusCode, 200)
    assert.deepEqual(JSON.parse(text), { data: values.map((value, index) => [index, value]) })
  })
}

const rejections: readonly { claim: string; event: unknown; status: number; code: string }[] = [
  { claim: 'a body that is not JSON', event: proxyEvent({ body: '{"name":' }), status: 400, code: 'BODY_NOT_JSON' },
  {
    claim: 'a body with a key that would replace a prototype',
    event: proxyEvent({ body: '{"name":"Alice","__proto__":{}}' }),
    status: 400,
    code: 'BODY_NOT_JSON',
  },
  {
    claim: 'a body with such a key, escaped and nested, next to an exact number',
    event: proxyEvent({ body: '{"name":"Alice","more":[{"\\u005f_proto__":9007199254740993}]}' }),
    status: 400,
    code: 'BODY_NOT_JSON',
  },
  {
    claim: 'a body whose constructor has a prototype',
    event: proxyEvent({ body: '{"name":"Alice","constructor":{"prototype":{}}}' }),
    status: 400,
    code: 'BODY_NOT_JSON',
  },
  {
    claim: 'a form',
    event: proxyEvent({ body: 'name=Alice', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    status: 415,
    code: 'CONTENT_TYPE_NOT_JSON',
  },
  {
    claim: 'a body without a media type',
    event: proxyEvent({ body: '{}', headers: {} }),
    status: 415,
    code: 'CONTENT_TYPE_NOT_JSON',
  },
  {
    claim: 'a gzip stream cut short',
    event: proxyEvent({ body: gzipSync('{"name":"Alice"}').subarray(0, 20).toString('base64'), isBase64Encoded: true }),
    status: 400,
    code: 'BODY_NOT_READABLE',
  },
  {
    claim: 'a gzip stream that inflates beyond 10 MB',
    event: proxyEvent({ body: gzipSync(Buffer.alloc(11 * 1024 * 1024)).toString('base64'), isBase64Encoded: true }),
    status: 400,
    code: 'BODY_NOT_READABLE',
  },
  { claim: 'a JSON list', event: proxyEvent({ body: '["Alice"]' }), status: 400, code: 'INPUT_INVALID' },
  { claim: 'a JSON text', event: proxyEvent({ body: '"Alice"' }), status: 400, code: 'INPUT_INVALID' },
  { claim: 'a name that is a number', event: proxyEvent({ body: '{"name":7}' }), status: 400, code: 'INPUT_INVALID' },
  { claim: 'a bare event that is a number', event: 7, status: 400, code: 'INPUT_INVALID' },
  { claim: 'a bare event that is a list', event: [{ name: 'Alice' }], status: 400, code: 'INPUT_INVALID' },
  {
    claim: 'a number with more digits than a double',
    event: proxyEvent({ body: '[9007199254740993]' }),
    status: 400,
    code: 'INPUT_INVALID',
  },
  {
    claim: 'a batch with too many arguments',
    event: batch('{"data":[[0,"Alice","Zoë"]]}'),
    status: 400,
    code: 'ROWS_INVALID',
  },
  {
    claim: 'a batch with a name that is a number, with on-error fail',
    event: batch('{"data":[[0,"Alice"],[1,12.30]]}', { 'sf-custom-on-error': 'fail' }),
    status: 400,
    code: 'INPUT_INVALID',
  },
  {
    claim: 'a response above the limit of Lambda',
    event: { name: 'x'.repeat(6_291_530) },
    status: 413,
    code: 'ANSWER_TOO_LARGE',
  },
]

for (const { claim, event, status, code } of rejections) {
  test(`${claim} is ${status} ${code}`, async () => {
    const { statusCode, body } = await invoke(event)
    const { error } = JSON.parse(body)
    assert.deepEqual(
      { statusCode, code: error.code, text: typeof error.message },
      { statusCode: status, code, text: 'string' },
    )
  })
}

test('an error has the request id of API Gateway, or of Lambda for a direct invocation', async () => {
  const http = await invoke(proxyEvent({ body: '[]', requestId: 'id-of-the-gateway' }))
  const direct = await handler([], context({ awsRequestId: 'id-of-lambda' }))
  assert.equal(JSON.parse(http.body).error.requestId, 'id-of-the-gateway')
  assert.equal(JSON.parse(direct.body).error.requestId, 'id-of-lambda')
})

test('the response to any event is a JSON text with status 200 or 4xx', async () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        httpMethod: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT'), fc.jsonValue()),
        path: fc.jsonValue(),
        headers: fc.oneof(
          fc.dictionary(
            fc.oneof(fc.string(), fc.constantFrom('SF-External-Function-Format', 'sf-custom-on-error')),
            fc.oneof(fc.jsonValue(), fc.constantFrom('json', 'fail')),
          ),
          fc.jsonValue(),
        ),
        queryStringParameters: fc.jsonValue(),
        requestContext: fc.oneof(fc.record({ requestId: fc.jsonValue(), identity: fc.jsonValue() }), fc.jsonValue()),
        body: fc.oneof(
          fc.json(),
          fc.json().map((value) => `{"data":[[0,${value}]]}`),
          fc.string(),
          fc.jsonValue(),
        ),
        isBase64Encoded: fc.oneof(fc.boolean(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  )
  await fc.assert(
    fc.asyncProperty(anything, async (event) => {
      const { statusCode, body } = await invoke(event)
      JSON.parse(body)
      assert.ok(statusCode === 200 || (statusCode >= 400 && statusCode < 500), String(statusCode))
    }),
    { numRuns: propertyRuns(2_000) },
  )
})
