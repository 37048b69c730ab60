import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { writeTrust } from '../../../cli/setup/edit-trust.ts'
import { lineDiff } from '../../../cli/setup/line-diff.ts'
import { serviceMap } from '../../service-map.ts'

const arn = 'arn:aws:iam::888888888888:user/wxyz-s-yours'
const [one, two] = ['YOURS_SFCRole=4_first=', 'YOURS_SFCRole=4_second=']
const trust = { iamUserArn: arn, externalIds: [one, two] }
const callerKey = { stage: 'dev', caller: 'snowflake' }

const maps: readonly (readonly [claim: string, before: string, after: string])[] = [
  [
    'a shut door of a block is opened before its first key, below the comments on it',
    `# Stages
dev:   # development
  callers:
    # Snowflake.

    snowflake:
      # What it may call.
      routes: [ POST /hello,  GET /hello ]   # two

    'analytics': {principals: ["arn:aws:iam::222222222222:role/R"], routes: ['POST /hello']}
`,
    `# Stages
dev:   # development
  callers:
    # Snowflake.

    snowflake:
      # What it may call.
      iamUserArn: ${arn}
      externalIds:
        - ${one}
        - ${two}
      routes: [ POST /hello,  GET /hello ]   # two

    'analytics': {principals: ["arn:aws:iam::222222222222:role/R"], routes: ['POST /hello']}
`,
  ],
  [
    'in flow style it stays on its line',
    'dev: { callers: { snowflake: {routes: [POST /hello]} } } # all of it\n',
    `dev: { callers: { snowflake: {iamUserArn: "${arn}", externalIds: ["${one}", "${two}"], routes: [POST /hello]} } } # all of it\n`,
  ],
  [
    'JSON is YAML',
    '{"dev": {"callers": {"snowflake": {"routes": ["POST /hello"]}}}}',
    `{"dev": {"callers": {"snowflake": {iamUserArn: "${arn}", externalIds: ["${one}", "${two}"], "routes": ["POST /hello"]}}}}`,
  ],
  [
    'line ends of Windows stay',
    'dev:\r\n  callers:\r\n    snowflake:\r\n      routes: [POST /hello]\r\n',
    `dev:\r\n  callers:\r\n    snowflake:\r\n      iamUserArn: ${arn}\r\n      externalIds:\r\n        - ${one}\r\n        - ${two}\r\n      routes: [POST /hello]\r\n`,
  ],
  [
    'without a line end at the end',
    'dev:\n  callers:\n    snowflake:\n      routes:\n      - POST /hello',
    `dev:\n  callers:\n    snowflake:\n      iamUserArn: ${arn}\n      externalIds:\n        - ${one}\n        - ${two}\n      routes:\n      - POST /hello`,
  ],
  [
    'another IAM user and its ids are replaced where they stand, and what is said on their lines stays',
    `dev:
  callers:
    snowflake:
      routes: [POST /hello]
      externalIds:   # of both
        - 'OLD_SFCRole=1_a='   # API
        # and
        - OLD_SFCRole=1_b=   # IAM
      iamUserArn: "arn:aws:iam::999999999999:user/abcd-s-example"   # Snowflake's
`,
    `dev:
  callers:
    snowflake:
      routes: [POST /hello]
      externalIds:   # of both
        - ${one}   # API
        # and
        - ${two}   # IAM
      iamUserArn: ${arn}   # Snowflake's
`,
  ],
  [
    'too many ids of another IAM user go with their lines, too few are filled up',
    `dev:
  callers:
    snowflake:
      iamUserArn: arn:aws:iam::999999999999:user/abcd-s-example
      externalIds:
      - a1
      - a2
      - a3 # third
      routes: [POST /hello]
stg: {callers: {snowflake: {iamUserArn: 'arn:aws:iam::999999999999:user/abcd-s-example', externalIds: [a1], routes: [POST /hello]}}}
`,
    `dev:
  callers:
    snowflake:
      iamUserArn: ${arn}
      externalIds:
      - ${one}
      - ${two}
      routes: [POST /hello]
stg: {callers: {snowflake: {iamUserArn: 'arn:aws:iam::999999999999:user/abcd-s-example', externalIds: [a1], routes: [POST /hello]}}}
`,
  ],
  [
    'ids of the same IAM user stay, and the missing one comes last',
    `dev:
  callers:
    snowflake:
      iamUserArn: ${arn}
      externalIds:
        -   MINE # of my own integration
        - ${two}   # IAM
      routes: [POST /hello]
`,
    `dev:
  callers:
    snowflake:
      iamUserArn: ${arn}
      externalIds:
        -   MINE # of my own integration
        - ${two}   # IAM
        - ${one}
      routes: [POST /hello]
`,
  ],
  [
    'the same in brackets',
    `dev: {callers: {snowflake: {iamUserArn: '${arn}', externalIds: ['${two}' ], routes: [POST /hello]}}}\n`,
    `dev: {callers: {snowflake: {iamUserArn: '${arn}', externalIds: ['${two}', "${one}" ], routes: [POST /hello]}}}\n`,
  ],
  [
    'ids without a user, as a door that waits for it has them',
    `dev:
  callers:
    snowflake:
      externalIds: [a1, a2, a3]
      routes: [POST /hello]
`,
    `dev:
  callers:
    snowflake:
      iamUserArn: ${arn}
      externalIds: ["${one}", "${two}"]
      routes: [POST /hello]
`,
  ],
]

for (const [claim, before, after] of maps) {
  test(claim, () => {
    const edited = writeTrust(before, callerKey, trust)
    assert.equal(edited, after)
    assert.equal(writeTrust(edited, callerKey, trust), edited, 'once more changes nothing')
  })
}

test('the shipped map gets the trust of its pending stage, and has no other difference', () => {
  const shipped = readFileSync(serviceMap, 'utf8')
  const edited = writeTrust(shipped, { stage: 'prod', caller: 'snowflake' }, trust)
  const lines = `      iamUserArn: ${arn}\n      externalIds:\n        - ${one}\n        - ${two}\n`
  assert.equal(edited.split(lines).length, 2)
  assert.equal(edited.replace(lines, ''), shipped)
})

test('an id that YAML would read as another type is quoted', () => {
  const before = 'dev:\n  callers:\n    snowflake:\n      routes: [POST /hello]\n'
  const edited = writeTrust(before, callerKey, { iamUserArn: arn, externalIds: ['12345', '=='] })
  assert.match(edited, /- "12345"\n/)
  assert.match(edited, /- "?==/)
})

test('a map that cannot be edited is reported with the lines to add', () => {
  assert.throws(
    () => writeTrust('dev: {callers: {other: {routes: [POST /hello]}}}', callerKey, trust),
    (error) =>
      error instanceof CommandFailure &&
      error.message ===
        `Cannot edit caller snowflake of stage dev automatically.\nAdd under it:\n  iamUserArn: ${arn}\n  externalIds: ["${one}", "${two}"]`,
  )
})

test('the difference has the lines around it, and their numbers', () => {
  const [, before = '', after = ''] = maps[5] ?? []
  assert.deepEqual(lineDiff(before, after).split('\n'), [
    '     4         routes: [POST /hello]',
    '     5         externalIds:   # of both',
    "     6 -         - 'OLD_SFCRole=1_a='   # API",
    '     7 -         # and',
    '     8 -         - OLD_SFCRole=1_b=   # IAM',
    `     9 -       iamUserArn: "arn:aws:iam::999999999999:user/abcd-s-example"   # Snowflake's`,
    `     6 +         - ${one}   # API`,
    '     7 +         # and',
    `     8 +         - ${two}   # IAM`,
    `     9 +       iamUserArn: ${arn}   # Snowflake's`,
    '    10',
  ])
})
