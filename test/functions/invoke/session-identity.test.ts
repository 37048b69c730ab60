import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toSessionIdentity } from '../../../functions/invoke/session-identity.ts'

const cases = [
  {
    caller: 'the session of a caller role',
    arn: 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/nightly',
    sessionName: 'snowgate-dev-analytics@nightly',
    sourceIdentity: '111111111111-snowgate-dev-analytics',
  },
  {
    caller: 'a user with a path',
    arn: 'arn:aws-cn:iam::555555555555:user/team/ops',
    sessionName: 'ops',
    sourceIdentity: '555555555555-ops',
  },
  {
    caller: 'an account',
    arn: 'arn:aws:iam::555555555555:root',
    sessionName: 'root',
    sourceIdentity: '555555555555-root',
  },
  {
    caller: 'an unknown caller',
    arn: undefined,
    sessionName: 'direct-invocation',
    sourceIdentity: 'direct-invocation',
  },
]

for (const { caller, arn, ...expected } of cases) {
  test(`the session name is ${expected.sessionName} for ${caller}`, () => {
    assert.deepEqual(toSessionIdentity(arn), expected)
  })
}

test('names that are too long remain distinct', () => {
  const named = (end: string) => toSessionIdentity(`arn:aws:sts::111111111111:assumed-role/${'a'.repeat(64)}/${end}`)
  assert.notEqual(named('one').sessionName, named('two').sessionName)
  assert.ok(named('one').sessionName.startsWith('a'.repeat(55)))
})

test('STS accepts both names of any ARN', () => {
  const arn = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `arn:aws:sts::111111111111:assumed-role/${text}`),
  )
  fc.assert(
    fc.property(arn, (text) => {
      for (const name of Object.values(toSessionIdentity(text))) assert.match(name, /^[\w+=,.@-]{2,64}$/)
    }),
  )
})
