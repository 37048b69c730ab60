import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBatchHeaders } from '../../../shared/rows/batch-headers.ts'

const parse = (headers: Readonly<Record<string, string>>) => parseBatchHeaders(new Map(Object.entries(headers)))

const requests: readonly { claim: string; headers: Record<string, string>; batch: boolean }[] = [
  { claim: 'no header', headers: {}, batch: false },
  { claim: 'a custom header of a UDF', headers: { 'sf-custom-on-error': 'fail' }, batch: false },
  { claim: 'a context header', headers: { 'sf-context-current-user': 'ALICE' }, batch: false },
  { claim: 'the format', headers: { 'sf-external-function-format': 'json' }, batch: true },
  { claim: 'the batch id', headers: { 'sf-external-function-query-batch-id': 'b' }, batch: true },
  { claim: 'nothing but the return type', headers: { 'sf-external-function-return-type': 'VARIANT' }, batch: true },
]

for (const { claim, headers, batch } of requests) {
  test(`a request with ${claim} is ${batch ? '' : 'not '}from an external function`, () => {
    assert.equal(parse(headers) !== undefined, batch)
  })
}

test('batch id and query id are read unchanged', () => {
  const headers = {
    'sf-external-function-query-batch-id': '01b02bdf:1:1:0:0',
    'sf-external-function-current-query-id': '01b02bdf',
  }
  assert.deepEqual(parse(headers), { batchId: '01b02bdf:1:1:0:0', queryId: '01b02bdf', failsOnRowError: false })
})

for (const [value, failsOnRowError] of [
  ['fail', true],
  ['FAIL', true],
  [' fail ', true],
  ['', false],
  ['value', false],
  ['failure', false],
] as const) {
  test(`on-error ${JSON.stringify(value)} ${failsOnRowError ? 'fails the batch' : 'leaves failures in their rows'}`, () => {
    const batch = parse({ 'sf-external-function-format': 'json', 'sf-custom-on-error': value })
    assert.equal(batch?.failsOnRowError, failsOnRowError)
  })
}

for (const [name, value, expected] of [
  ['sf-external-function-format', 'arrow', 'json'],
  ['sf-external-function-format-version', '2.0', '1.0'],
] as const) {
  test(`a batch whose ${name} is ${value} is 400 ROWS_INVALID`, () => {
    assert.throws(() => parse({ [name]: value }), {
      code: 'ROWS_INVALID',
      status: 400,
      detail: `The header ${name} must be ${expected}.`,
    })
  })
}
