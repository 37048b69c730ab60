import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { callerName } from '../../../functions/invoke/caller-name.ts'

const cases = [
  {
    who: 'the session of a door role',
    arn: 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/nightly',
    sessionName: 'snowgate-dev-analytics@nightly',
    sourceIdentity: '111111111111-snowgate-dev-analytics',
  },
  {
    who: 'a user with a path',
    arn: 'arn:aws-cn:iam::555555555555:user/team/ops',
    sessionName: 'ops',
    sourceIdentity: '555555555555-ops',
  },
  {
    who: 'an account',
    arn: 'arn:aws:iam::555555555555:root',
    sessionName: 'root',
    sourceIdentity: '555555555555-root',
  },
  { who: 'nobody known', arn: undefined, sessionName: 'direct-invocation', sourceIdentity: 'direct-invocation' },
]

for (const { who, arn, ...expected } of cases) {
  test(`CloudTrail of the target reads ${expected.sessionName} for ${who}`, () => {
    assert.deepEqual(callerName(arn), expected)
  })
}

test('names that are too long stay apart', () => {
  const named = (end: string) => callerName(`arn:aws:sts::111111111111:assumed-role/${'a'.repeat(64)}/${end}`)
  assert.notEqual(named('one').sessionName, named('two').sessionName)
  assert.ok(named('one').sessionName.startsWith('a'.repeat(55)))
})

test('whatever the ARN, STS takes both names', () => {
  const arn = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `arn:aws:sts::111111111111:assumed-role/${text}`),
  )
  fc.assert(
    fc.property(arn, (text) => {
      for (const name of Object.values(callerName(text))) assert.match(name, /^[\w+=,.@-]{2,64}$/)
    }),
  )
})
