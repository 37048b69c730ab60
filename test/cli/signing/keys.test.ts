import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOfKeys, type Keys } from '../../../cli/signing/index.ts'

const now = new Date('2026-01-02T03:04:05Z')
const session: Keys = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE+/==',
}
const { sessionToken: _, ...withoutToken } = session

const faults: readonly (readonly [mistake: string, keys: Keys, message: RegExp, remedy: RegExp])[] = [
  [
    'jq without -r',
    { ...session, accessKeyId: '"ASIAIOSFODNN7EXAMPLE"' },
    /^The access key id has quotes around it/,
    /jq -r/,
  ],
  ['a secret with quotes', { ...session, secretAccessKey: "'secret'" }, /^The secret access key has quotes/, /jq -r/],
  ['one quote left over', { ...session, sessionToken: 'token"' }, /^The session token has quotes/, /jq -r/],
  ['typographic quotes', { ...session, sessionToken: '“token”' }, /^The session token has quotes/, /jq -r/],
  ['the null of a missing field', { ...session, sessionToken: 'null' }, /is the word null/, /another field/],
  ['an empty secret', { ...session, secretAccessKey: '' }, /^The secret access key is empty/, /failed/],
  ['a line break at the end', { ...session, sessionToken: 'token\n' }, /line break/, /Copy it again/],
  [
    'an invisible character',
    { ...session, secretAccessKey: 'sec\u200bret' },
    /AWS credentials never contain/,
    /Copy the value again/,
  ],
  ['a forgotten token', withoutToken, /temporary access key, and AWS_SESSION_TOKEN is missing/, /AWS_SESSION_TOKEN/],
  [
    'a token left over',
    { ...session, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    /session token of another key is set/,
    /unset/,
  ],
  ['a pasted session that is over', { ...session, expiration: now }, /expired at 2026-01-02T03:04:05.000Z/, /new ones/],
]

for (const [mistake, keys, message, remedy] of faults) {
  test(`said in plain words, and without the secret: ${mistake}`, () => {
    const fault = faultOfKeys(keys, now)
    assert.match(fault?.message ?? '', message)
    assert.match(fault?.remedy ?? '', remedy)
    const said = `${fault?.message} ${fault?.remedy}`
    for (const secret of [session.secretAccessKey, session.sessionToken ?? '']) assert.ok(!said.includes(secret))
  })
}

const sound: readonly (readonly [string, Keys])[] = [
  ['a session', session],
  ['a session that is not over', { ...session, expiration: new Date(now.getTime() + 1) }],
  ['a long-lived key', { ...withoutToken, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
]
for (const [what, keys] of sound) {
  test(`no fault is found with ${what}`, () => {
    assert.equal(faultOfKeys(keys, now), undefined)
  })
}
