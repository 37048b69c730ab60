import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readProxyResponse } from '../../../../local/services/apigateway/lambda-proxy-integration.ts'
import { propertyRuns } from '../../../property-runs.ts'

const json = { 'Content-Type': 'application/json' }

/** Answers recorded at the real service by the tests of github.com/localstack/localstack. */
const accepted: readonly { claim: string; result: unknown; status: number; headers?: object; body?: string }[] = [
  { claim: 'no statusCode but another known member is 200', result: { body: 'x' }, status: 200, body: 'x' },
  { claim: 'a statusCode in text is taken', result: { statusCode: '201' }, status: 201 },
  { claim: 'headers may be null', result: { statusCode: 200, headers: null, multiValueHeaders: null }, status: 200 },
  {
    claim: 'a boolean header becomes text',
    result: { statusCode: 200, headers: { a: true } },
    status: 200,
    headers: { a: 'true', ...json },
  },
  {
    claim: 'both header maps are merged, multi values first, in the casing of the multi map',
    result: { statusCode: 200, headers: { 'x-a': 'single' }, multiValueHeaders: { 'X-A': ['m1', 'm2'] } },
    status: 200,
    headers: { 'X-A': ['m1', 'm2', 'single'], ...json },
  },
  {
    claim: 'a Content-Type of its own stays',
    result: { statusCode: 200, headers: { 'content-type': 'text/plain' } },
    status: 200,
    headers: { 'content-type': 'text/plain' },
  },
  {
    claim: 'base64 is passed on as text where the API has no binary media type',
    result: { statusCode: 200, isBase64Encoded: true, body: 'aGk=' },
    status: 200,
    body: 'aGk=',
  },
  {
    claim: 'headers of the connection are remapped',
    result: { statusCode: 200, headers: { Date: 'x', Server: 'y' } },
    status: 200,
    headers: { 'x-amzn-Remapped-Date': 'x', 'x-amzn-Remapped-Server': 'y', ...json },
  },
]

for (const { claim, result, status, headers = json, body = '' } of accepted) {
  test(claim, () => {
    assert.deepEqual(readProxyResponse(JSON.stringify(result), false), { answer: { status, headers, body } })
  })
}

const malformed: readonly { claim: string; result: unknown }[] = [
  { claim: 'a foreign member', result: { statusCode: 200, bodyy: 'x' } },
  { claim: 'an empty object', result: {} },
  { claim: 'a text', result: 'Hello' },
  { claim: 'a list', result: [] },
  { claim: 'null', result: null },
  { claim: 'a statusCode that is no number', result: { statusCode: 'test' } },
  { claim: 'a multiValueHeaders value that is no list', result: { statusCode: 200, multiValueHeaders: { a: 'b' } } },
  { claim: 'a body that is an object', result: { statusCode: 200, body: {} } },
  { claim: 'a status that is an object with a toString of its own', result: { statusCode: { toString: false } } },
  { claim: 'a header that is an object', result: { statusCode: 200, headers: { a: { toString: false } } } },
  { claim: 'a header value that is a list in a list', result: { statusCode: 200, multiValueHeaders: { a: [['b']] } } },
  { claim: 'a header that would split the answer', result: { statusCode: 200, headers: { a: 'b\r\nc: d' } } },
]

for (const { claim, result } of malformed) {
  test(`${claim} is no proxy answer`, () => {
    assert.ok('malformed' in readProxyResponse(JSON.stringify(result), false))
  })
}

test('whatever JSON a function returns, it is read or found malformed', () => {
  const member = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()))
  const result = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        statusCode: fc.oneof(fc.integer(), fc.jsonValue()),
        headers: member,
        multiValueHeaders: member,
        body: fc.string(),
      },
      { requiredKeys: [] },
    ),
  )
  fc.assert(
    fc.property(result, fc.boolean(), (value, binary) => {
      const read = readProxyResponse(JSON.stringify(value), binary)
      assert.ok('answer' in read || read.malformed.length > 0)
    }),
    { numRuns: propertyRuns(2_000) },
  )
})
