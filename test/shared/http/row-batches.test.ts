import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { createLambdaHandler, type Handler } from '../../../shared/http/index.ts'
import type { RowMapping } from '../../../shared/rows/parse-rows.ts'
import { propertyRuns } from '../../property-runs.ts'
import { context, proxyEvent } from './lambda-events.ts'

const golden = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../rows/golden', `${name}.json`), 'utf8'))

const headers = { 'sf-external-function-format': 'json', 'sf-external-function-query-batch-id': 'batch-1' }
const upToThree: RowMapping = { parameters: ['a?', 'b?', 'c?'], toInput: ([, ...sqlArguments]) => sqlArguments }
const firstArgument: RowMapping = { parameters: ['value'], toInput: ([, value]) => value }
const identity: Handler = (input) => input

const send = (handle: Handler, form: RowMapping, body: string, overrides: Parameters<typeof proxyEvent>[0] = {}) =>
  createLambdaHandler(handle, form)(proxyEvent({ body, headers, ...overrides }), context())

for (const name of ['documented-request', 'captured-request']) {
  test(`the ${name.replace('-', ' ')} is answered row by row`, async () => {
    const { headers, body, rows } = golden(name)
    const answer = await send(identity, upToThree, body, { headers })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(
      JSON.parse(answer.body).data,
      rows.map(([number, ...sqlArguments]: unknown[]) => [number, sqlArguments]),
    )
  })
}

test('the values of the documented response are serialized as documented', async () => {
  const { values, body } = golden('documented-answer')
  const answer = await send((input) => values[Number(input)], firstArgument, '{"data":[[0,0],[1,1]]}')
  assert.deepEqual(JSON.parse(answer.body), body)
})

test('an answer has a status, its media type and a text, and nothing else: no Content-MD5, no compression', async () => {
  const event = proxyEvent({
    body: '{"data":[[0,"Alice"]]}',
    headers: { ...headers, 'accept-encoding': 'gzip', 'content-encoding': 'gzip' },
  })
  assert.deepEqual(await createLambdaHandler(identity, firstArgument)(event, context()), {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"data":[[0,"Alice"]]}',
  })
})

for (const body of [
  '{"data":[]}',
  '{"data":[[0,9007199254740993],[1,-9007199254740993],[2,12345678901234567890123456789012345678]]}',
  '{"data":[[0,12.30],[1,0.10],[2,100],[3,-0],[4,1.0],[5,1E+2]]}',
  '{"data":[[0,true],[1,false],[2,null],[3,""],[4,{}],[5,[]]]}',
  '{"data":[[0,{"a":[1.50,{"b":9007199254740993,"c":null}],"__proto__":{"constructor":{"prototype":1}}}]]}',
  '{"data":[[0,"李雷"],[1,"Ἀριστοτέλης"],[2,"عَلِي"],[3,"नेहा"],[4,"👩🏽‍🚀"],[5,"a\\"b\\\\c\\n\\u0001"],[6,"\\ud800"]]}',
]) {
  test(`${body} comes back as sent`, async () => {
    assert.equal((await send(identity, firstArgument, body)).body, body)
  })
}

test('a batch with any values is returned as sent, plain or compressed', async () => {
  const value = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string({ unit: 'grapheme' }).map((value) => JSON.stringify(value)),
    fc.bigInt().map(String),
    fc.tuple(fc.integer({ min: 1 }), fc.nat(), fc.nat({ max: 9 })).map(([whole, part, zeros]) => {
      return `${whole}.${part}${'0'.repeat(zeros)}`
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 20 }), fc.boolean(), async (values, compressed) => {
      // As JSON.stringify writes it: integer-like keys come first in a JavaScript object.
      const body = `{"data":[${values.map((value, index) => `[${index},${value}]`).join(',')}]}`
      const sent = compressed ? { body: gzipSync(body).toString('base64'), isBase64Encoded: true } : {}
      const answer = await send(identity, firstArgument, body, sent)
      assert.deepEqual({ statusCode: answer.statusCode, body: answer.body }, { statusCode: 200, body })
    }),
    { numRuns: propertyRuns(500) },
  )
})

for (const spelling of ['SF-External-Function-Format', 'sf-external-function-format', 'Sf-eXternal-function-FORMAT']) {
  test(`a batch is recognized by the header ${spelling}`, async () => {
    const answer = await send(identity, firstArgument, '{"data":[[0,1]]}', { headers: { [spelling]: 'json' } })
    assert.equal(answer.body, '{"data":[[0,1]]}')
  })
}

test('without these headers, rows are the input of the handler and not a batch', async () => {
  const body = '{"data":[[0,12.30]]}'
  const answer = await send(identity, firstArgument, body, { headers: { 'content-type': 'application/json' } })
  assert.equal(answer.body, body)
})

const rejections: readonly {
  claim: string
  status: number
  code: string
  event: Parameters<typeof proxyEvent>[0]
  message?: RegExp
}[] = [
  { claim: 'a body that is not JSON', status: 400, code: 'BODY_NOT_JSON', event: { body: '{"data":[[0,' } },
  { claim: 'no body at all', status: 400, code: 'BODY_NOT_JSON', event: { body: null } },
  {
    claim: 'extreme nesting',
    status: 400,
    code: 'BODY_NOT_JSON',
    event: { body: `{"data":[[0,1.0,${'['.repeat(200_000)}${']'.repeat(200_000)}]]}` },
  },
  {
    claim: 'no data',
    status: 400,
    code: 'ROWS_INVALID',
    event: { body: '{}' },
    message: /must be an object with a list of rows/,
  },
  {
    claim: 'a row number in an unusual notation',
    status: 400,
    code: 'ROWS_INVALID',
    event: { body: '{"data":[[0,1],[1.0,1]]}' },
    message: /Row 1 does not begin with its number/,
  },
  {
    claim: 'a format of another version',
    status: 400,
    code: 'ROWS_INVALID',
    event: { body: '{"data":[]}', headers: { 'sf-external-function-format-version': '2.0' } },
    message: /format-version must be 1\.0/,
  },
  {
    claim: 'a poll for a batch',
    status: 404,
    code: 'BATCH_UNKNOWN',
    event: { httpMethod: 'GET', body: null },
  },
]

for (const { claim, status, code, event, message = /./ } of rejections) {
  test(`${claim} is ${status} ${code}`, async () => {
    const answer = await createLambdaHandler(identity, firstArgument)(proxyEvent({ headers, ...event }), context())
    const { error } = JSON.parse(answer.body)
    assert.deepEqual(
      { status: answer.statusCode, code: error.code, members: Object.keys(error) },
      { status, code, members: ['code', 'message', 'requestId'] },
    )
    assert.match(error.message, message)
  })
}

test('a response above Lambda’s limit is 413, for any number of rows', async () => {
  const body = JSON.stringify({ data: Array.from({ length: 7 }, (_, index) => [index, 'x'.repeat(900_000)]) })
  const answer = await send(identity, firstArgument, body)
  assert.equal(answer.statusCode, 413)
  assert.equal(JSON.parse(answer.body).error.code, 'ANSWER_TOO_LARGE')
})

test('a response that exceeds the limit only with its escapes is 413 too', async () => {
  const body = JSON.stringify({ data: [[0, '"'.repeat(2_000_000)]] })
  const answer = await send(identity, firstArgument, body)
  assert.equal(answer.statusCode, 413)
  assert.match(JSON.parse(answer.body).error.message, /It has 8\d{6} bytes; the limit is 6291556/)
})

test('a batch whose rows do not finish before the deadline is 503, which Snowflake retries', async () => {
  const never: Handler = () => new Promise(() => {})
  const event = proxyEvent({ body: '{"data":[[0,1]]}', headers })
  const soon = { ...context(), getRemainingTimeInMillis: () => 120 }
  const answer = await createLambdaHandler(never, firstArgument)(event, soon)
  assert.equal(answer.statusCode, 503)
  assert.equal(JSON.parse(answer.body).error.code, 'DEADLINE_EXCEEDED')
})
