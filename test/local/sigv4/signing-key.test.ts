import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSigningKeys, isSameSignature, signingKey } from '../../../local/sigv4/signing-key.ts'

const scope = { day: '20260115', region: 'eu-central-1', service: 'execute-api', terminator: 'aws4_request' }

test('a kept key is handed out again, and differs with everything it depends on', () => {
  const keys = createSigningKeys(10)
  const first = keys('secret', scope)
  assert.equal(keys('secret', { ...scope }), first)
  const others = [
    keys('other', scope),
    ...(['day', 'region', 'service', 'terminator'] as const).map((part) => keys('secret', { ...scope, [part]: 'x' })),
  ]
  assert.equal(new Set([first, ...others].map((key) => key.export().toString('hex'))).size, 6)
})

test('no more keys are kept than allowed: the oldest goes, and is derived again alike', () => {
  const keys = createSigningKeys(2)
  const [first, second] = [keys('1', scope), keys('2', scope)]
  keys('3', scope)
  assert.equal(keys('2', scope), second)
  assert.notEqual(keys('1', scope), first)
  assert.ok(keys('1', scope).equals(signingKey('1', scope)))
})

test('signatures of other lengths differ without a crash', () => {
  assert.equal(isSameSignature('ab', 'ab'), true)
  for (const other of ['', 'a', 'abc', 'aB', '\u0141b']) assert.equal(isSameSignature('ab', other), false)
})
