import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allMessages, causes, fillPlaceholders, loginMessages, recognize } from '../../../shared/diagnoses/index.ts'

const all = Object.entries(causes)

test('ids consist of words and hyphens', () => {
  assert.deepEqual(
    all.map(([id]) => id).filter((id) => !/^[a-z]+(-[a-z]+)+$/.test(id)),
    [],
  )
})

test('each cause has a summary of one sentence, a way to check it, and a fix', () => {
  for (const [id, { summary, howToTell, fix }] of all) {
    assert.match(summary, /^[A-Za-z].*\.$/, id)
    assert.doesNotMatch(summary, /[.!?] [A-Z]/, `${id} has more than one sentence`)
    assert.ok(howToTell.length > 20 && fix.length > 10, id)
  }
})

test('no two causes have the same summary', () => {
  assert.equal(new Set(all.map(([, { summary }]) => summary)).size, all.length)
})

// A fix is part of responses and pages, and can be pasted back from there.
test('a cause is not recognized as an error', () => {
  const found = all.flatMap(([id, { summary, howToTell, fix }]) =>
    recognize({ text: [summary, howToTell, fix].join('\n') }, allMessages).map(
      ({ message }) => `${id}: ${message.summary}`,
    ),
  )
  assert.deepEqual(found, [])
})

test('every code without a phrase belongs to one row, or another code selects the row', () => {
  const rows = allMessages
    .flatMap(({ messages }) => messages)
    .filter(({ phrases, requiredCodes }) => phrases === undefined && !requiredCodes)
  const codes = rows.flatMap(({ codes = [] }) => codes)
  assert.deepEqual(
    codes.filter((code, index) => codes.indexOf(code) !== index),
    [],
  )
})

test('the messages of logins are among all messages', () => {
  assert.deepEqual(
    loginMessages.filter((messages) => !allMessages.includes(messages)),
    [],
  )
})

const filled: readonly (readonly [template: string, values: Record<string, string>, text: string])[] = [
  ['GRANT ROLE <grant> TO USER <user>', { grant: 'ANALYST' }, 'GRANT ROLE ANALYST TO USER <user>'],
  ['SNOWGATE_<STAGE>_<CALLER>', { stage: 'dev', caller: 'snow-flake' }, 'SNOWGATE_DEV_SNOW_FLAKE'],
  ['snowgate-<stage>-<caller>', { stage: 'dev', caller: 'snow-flake' }, 'snowgate-dev-snow-flake'],
  ['<toString> <__proto__>', {}, '<toString> <__proto__>'],
]

for (const [template, values, text] of filled) {
  test(`${template} with ${JSON.stringify(values)} is ${text}`, () => {
    assert.equal(fillPlaceholders(template, values), text)
  })
}
