import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkResponseSize, lambdaResponseLimit, serializedSize } from '../../../shared/http/lambda-response.ts'
import { propertyRuns } from '../../property-runs.ts'

const response = (value: unknown) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

test('the size counted is the size that Lambda serializes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), (value) => {
      assert.equal(serializedSize(response(value)), Buffer.byteLength(JSON.stringify(response(value))))
    }),
    { numRuns: propertyRuns(2_000) },
  )
})

for (const [kind, unit] of [
  ['plain letters', 'x'],
  ['quotation marks', '"'],
  ['three-byte letters', '李'],
  ['four-byte signs', '👩'],
] as const) {
  test(`a response of ${kind} can have 6,291,556 bytes serialized, and one unit more is 413`, () => {
    const each = serializedSize(response(unit)) - serializedSize(response(''))
    const units = Math.floor((lambdaResponseLimit - serializedSize(response(''))) / each)
    assert.equal(checkResponseSize(response(unit.repeat(units))).statusCode, 200)
    const large = response(unit.repeat(units + 1))
    assert.throws(() => checkResponseSize(large), {
      code: 'ANSWER_TOO_LARGE',
      status: 413,
      detail: `It has ${serializedSize(large)} bytes; the limit is 6291556.`,
    })
  })
}
