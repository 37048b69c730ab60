import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AwsKeys, findCredentialsFault } from '../../../cli/aws/pasted-credentials.ts'

const now = new Date('2026-01-02T03:04:05Z')
const session: AwsKeys = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE+/==',
}
const { sessionToken: _, ...withoutToken } = session

const faults: readonly (readonly [mistake: string, keys: AwsKeys, message: RegExp, remedy: RegExp])[] = [
  [
    'jq without -r',
    { ...session, accessKeyId: '"ASIAIOSFODNN7EXAMPLE"' },
    /^The access key id has quotes around it/,
    /With jq, pass -r\./,
  ],
  [
    'a secret with quotes',
    { ...session, secretAccessKey: "'secret'" },
    /^The secret access key has quotes/,
    /With jq, pass -r\./,
  ],
  [
    'one quote left over',
    { ...session, sessionToken: 'token"' },
    /^The session token has quotes/,
    /With jq, pass -r\./,
  ],
  [
    'typographic quotes',
    { ...session, sessionToken: '“token”' },
    /^The session token has quotes/,
    /With jq, pass -r\./,
  ],
  ['the null of a missing field', { ...session, sessionToken: 'null' }, /is the text "null"/, /wrong field/],
  ['an empty secret', { ...session, secretAccessKey: '' }, /^The secret access key is empty/, /failed/],
  ['a line break at the end', { ...session, sessionToken: 'token\n' }, /line break/, /Copy the value again/],
  [
    'an invisible character',
    { ...session, secretAccessKey: 'sec\u200bret' },
    /AWS credentials never contain/,
    /Copy the value again/,
  ],
  ['a forgotten token', withoutToken, /temporary access key, and AWS_SESSION_TOKEN is missing/, /AWS_SESSION_TOKEN/],
  [
    'a token of another key',
    { ...session, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    /session token of another key is set/,
    /unset/,
  ],
  ['an expired session', { ...session, expiration: now }, /expired at 2026-01-02T03:04:05.000Z/, /new ones/],
]

for (const [mistake, keys, message, remedy] of faults) {
  test(`reported without the secret: ${mistake}`, () => {
    const fault = findCredentialsFault(keys, now)
    assert.match(fault?.message ?? '', message)
    assert.match(fault?.remedy ?? '', remedy)
    const output = `${fault?.message} ${fault?.remedy}`
    for (const secret of [session.secretAccessKey, session.sessionToken ?? '']) assert.ok(!output.includes(secret))
  })
}

const faultless: readonly (readonly [string, AwsKeys])[] = [
  ['a session', session],
  ['a session that has not expired', { ...session, expiration: new Date(now.getTime() + 1) }],
  ['a long-lived key', { ...withoutToken, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
]
for (const [what, keys] of faultless) {
  test(`no fault in ${what}`, () => {
    assert.equal(findCredentialsFault(keys, now), undefined)
  })
}
