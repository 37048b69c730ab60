import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hasInexactNumbers, isJsonObject, parseExactly } from '../../../shared/http/exact-json.ts'
import { propertyRuns } from '../../property-runs.ts'

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789', '0', '0'), minLength, maxLength })

/** Any number that JSON's grammar allows. https://www.rfc-editor.org/rfc/rfc8259#section-6 */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...'123456789'), digits(0, 40)).map(([first, rest]) => first + rest),
    ),
    fc.oneof(
      fc.constant(''),
      digits(1, 20).map((fraction) => `.${fraction}`),
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(1, 3)).map((parts) => parts.join('')),
    ),
  )
  .map((parts) => parts.join(''))

/** JSON text without white space, as `JSON.stringify` writes it except for its numbers. */
const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    numberText,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    numberText.map((text) => JSON.stringify(`[${text}]`)),
    fc.constantFrom('null', 'true', 'false'),
    fc.array(tie('value')).map((values) => `[${values.join(',')}]`),
    // Distinct keys that are not integers: a JavaScript object sorts integers first.
    fc.array(tie('value')).map((values) => `{${values.map((value, index) => `"k${index}":${value}`).join(',')}}`),
  ),
}))

const read = (text: string) => (hasInexactNumbers(text) ? parseExactly(text) : JSON.parse(text))

test('a text with any numbers is written as it was read', () => {
  fc.assert(
    fc.property(jsonText, (text) => {
      const data = `{"data":[[0,${text}]]}`
      assert.equal(JSON.stringify(read(data)), data)
    }),
    { numRuns: propertyRuns(3_000) },
  )
})

test('blanks around a number do not hide it', () => {
  fc.assert(
    fc.property(numberText, fc.constantFrom(' ', '\n', '\t', '\r\n  ', ''), (number, blank) => {
      const text = `[0,${blank}${number}${blank}]`
      assert.equal(JSON.stringify(read(text)), `[0,${number}]`)
    }),
    { numRuns: propertyRuns(2_000) },
  )
})

for (const number of [
  '9007199254740993',
  '12.30',
  '-0',
  '1e2',
  '0.0000001',
  '12345678901234567890123456789012345678',
]) {
  test(`${number} is returned as sent`, () => {
    for (const text of [`[${number}]`, `{"a":${number}}`, `[[0,"x",${number}]]`]) {
      assert.equal(JSON.stringify(read(text)), text)
    }
  })
}

for (const text of [
  '[[0,"Alice"],[10,"Zoë"]]',
  '[123456789012345,-1,0,1.5,0.000001,true,null]',
  '["2024-01-02 03:04:05.000 -0700","2024-01-02T03:04:05.000","10.0.0.10","arn:aws:iam::111111111111:role/3e7"]',
]) {
  test(`${text} is read with JSON.parse`, () => assert.equal(hasInexactNumbers(text), false))
}

test('a number with its text is not an object', () => {
  assert.equal(isJsonObject(parseExactly('12.30')), false)
  assert.equal(isJsonObject([]), false)
  assert.equal(isJsonObject(null), false)
  assert.equal(isJsonObject({}), true)
})
