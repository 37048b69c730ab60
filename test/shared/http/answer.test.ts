import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lambdaAnswerLimit, serializedSize, withinLambdaLimit } from '../../../shared/http/answer.ts'
import { propertyRuns } from '../../property-runs.ts'

const answer = (value: unknown) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

test('the size counted is the size that Lambda serializes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), (value) => {
      assert.equal(serializedSize(answer(value)), Buffer.byteLength(JSON.stringify(answer(value))))
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
  test(`an answer of ${kind} may have 6,291,556 bytes serialized, and one unit more is refused with 413`, () => {
    const each = serializedSize(answer(unit)) - serializedSize(answer(''))
    const units = Math.floor((lambdaAnswerLimit - serializedSize(answer(''))) / each)
    assert.equal(withinLambdaLimit(answer(unit.repeat(units))).statusCode, 200)
    const large = answer(unit.repeat(units + 1))
    assert.throws(() => withinLambdaLimit(large), {
      code: 'ANSWER_TOO_LARGE',
      status: 413,
      detail: `It has ${serializedSize(large)} bytes; 6291556 are allowed.`,
    })
  })
}
