import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownCode, refusals } from '../../../local/snowflake-server/refusals.ts'

const all = Object.entries(refusals).map(
  ([name, refusal]) => [name, typeof refusal === 'function' ? refusal('x') : refusal] as const,
)

test('a refusal whose words are not public says that they are ours, and no other does', () => {
  for (const [name, { known, message }] of all) {
    assert.equal(
      /The words are the local Snowflake's|Number and words are the local/.test(message),
      known === 'ours',
      name,
    )
  }
})

test('a number of ours is none of Snowflake’s, and stands where none is public', () => {
  const public390 = all.filter(([, { code }]) => code !== ownCode)
  assert.ok(public390.every(([, { code }]) => /^39\d{4}$/.test(code)))
  assert.ok(all.every(([, { code, known }]) => known !== 'text' || code === ownCode))
})
