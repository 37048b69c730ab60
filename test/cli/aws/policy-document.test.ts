import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson, conditionValues, matchesPattern, readPolicy as read } from '../../../cli/aws/policy-document.ts'

const readPolicy = (text: string) => read(text, 'it')

const api = 'arn:aws:execute-api:eu-central-1:111111111111:abc'

for (const [pattern, text, outcome] of [
  [`${api}/dev/POST/hello`, `${api}/dev/POST/hello`, true],
  [`${api}/dev/POST/hello`, `${api}/dev/POST/hello2`, false],
  [`${api}/dev/*`, `${api}/dev/POST/hello`, true],
  [`${api}/*/POST/hello`, `${api}/dev/POST/hello`, true],
  [`${api}/de?/POST/hello`, `${api}/dev/POST/hello`, true],
  ['arn.aws:execute-api', 'arn:aws:execute-api', false],
  ['a+b(c)[d]', 'a+b(c)[d]', true],
  ['*', '', true],
] as const) {
  test(`${pattern} ${outcome ? 'covers' : 'does not cover'} ${text}`, () => {
    assert.equal(matchesPattern(pattern, text), outcome)
  })
}

test('two documents are the same where order, and lists of one, are all that differs', () => {
  const one = readPolicy('{"Version":"1","Statement":[{"Effect":"Allow","Action":["a","b"],"Resource":"r"}]}')
  const other = readPolicy('{"Statement":{"Resource":["r"],"Action":["b","a"],"Effect":"Allow"},"Version":"1"}')
  assert.equal(canonicalJson(one), canonicalJson(other))
  const third = readPolicy('{"Version":"1","Statement":[{"Effect":"Deny","Action":["a","b"],"Resource":"r"}]}')
  assert.notEqual(canonicalJson(one), canonicalJson(third))
})

test('a condition is found under any of its operators, whatever the case of its key, and is not there otherwise', () => {
  const [statement] = readPolicy(
    '{"Statement":{"Effect":"Allow","Condition":{"ArnLike":{"AWS:SourceArn":"x"},"StringEquals":{"aws:other":["y"]}}}}',
  ).Statement
  assert.ok(statement)
  assert.deepEqual(conditionValues(statement, ['ArnEquals', 'ArnLike'], 'aws:SourceArn'), ['x'])
  assert.equal(conditionValues(statement, ['ArnEquals'], 'aws:SourceArn'), undefined)
  assert.equal(conditionValues(statement, ['ArnLike'], 'aws:other'), undefined)
})

test('truth values and numbers of a condition are texts', () => {
  const [statement] = readPolicy(
    '{"Statement":{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":false},"NumericEquals":{"x":[1]}}}}',
  ).Statement
  assert.ok(statement)
  assert.deepEqual(conditionValues(statement, ['Bool'], 'aws:SecureTransport'), ['false'])
  assert.deepEqual(conditionValues(statement, ['NumericEquals'], 'x'), ['1'])
})

for (const text of ['', '{}', '{"Statement":{"Effect":"Perhaps"}}', '[]']) {
  test(`a policy that reads ${text || 'nothing'} is inconclusive`, () => {
    assert.throws(() => readPolicy(text), { name: 'InconclusiveError', message: /^it has an unknown format/ })
  })
}
