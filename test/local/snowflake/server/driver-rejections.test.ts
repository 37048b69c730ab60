import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localCode, rejections } from '../../../../local/snowflake/server/driver-rejections.ts'

const all = Object.entries(rejections).map(
  ([name, rejection]) => [name, typeof rejection === 'function' ? rejection('x') : rejection] as const,
)

test('a rejection whose words are not public says that they are ours, and no other does', () => {
  for (const [name, { provenance, message }] of all) {
    assert.equal(/Text by the local stack|Code and text by the local stack/.test(message), provenance === 'local', name)
  }
})

test('a number of ours is none of Snowflake’s, and stands where none is public', () => {
  const public390 = all.filter(([, { code }]) => code !== localCode)
  assert.ok(public390.every(([, { code }]) => /^39\d{4}$/.test(code)))
  assert.ok(all.every(([, { code, provenance }]) => provenance !== 'text' || code === localCode))
})
