import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { temporaryFolder } from '../../infra/compile.ts'
import { type RunningStack, runningStack } from '../../local/running-stack.ts'
import { runDoctor } from './run-doctor.ts'

/** The parameters of a key pair, stored with the SDK in the running stack, whole and damaged. */

const map = `dev:
  callers:
    batch:
      principals: [arn:aws:iam::222222222222:role/Batch]
      routes: [POST /hello]
  snowflake:
    account: myorg-myaccount
    login: key-pair
`
const names = { key: '/snowgate/dev/snowflake/private-key', phrase: '/snowgate/dev/snowflake/passphrase' }
const pem = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' },
  }).privateKey
const key = pem(2_048)

let stack: RunningStack
let accessMap: string
let ssm: SSMClient
before(async () => {
  accessMap = join(await temporaryFolder(), 'key-pair.yml')
  await writeFile(accessMap, map)
  stack = await runningStack({ accessMap })
  const { accessKeyId, secretAccessKey, region } = await stack.identity('admin')
  ssm = new SSMClient({ endpoint: stack.url, region, credentials: { accessKeyId, secretAccessKey } })
})
after(() => stack.stop())

/** What is stored under the names of the map; undefined is nothing. */
const store = async (
  stored: Readonly<Record<keyof typeof names, string | undefined>>,
  Type: 'SecureString' | 'String',
) => {
  for (const [which, Name] of Object.entries(names)) {
    await ssm.send(new DeleteParameterCommand({ Name })).catch(() => {})
    const Value = stored[which as keyof typeof names] // the keys of `names`, which Object.entries widens
    if (Value !== undefined) await ssm.send(new PutParameterCommand({ Name, Value, Type }))
  }
}

interface Case {
  readonly claim: string
  readonly key: string | undefined
  readonly phrase: string | undefined
  readonly type?: 'String'
  readonly cause?: string
  readonly evidence: RegExp
  readonly fix?: RegExp
}

const cases: readonly Case[] = [
  { claim: 'a key and its passphrase', key, phrase: 'open sesame', evidence: /are a valid RSA key pair$/ },
  {
    claim: 'a key stored in plain text',
    key,
    phrase: 'open sesame',
    type: 'String',
    evidence: /is not a SecureString/,
  },
  {
    claim: 'no key',
    key: undefined,
    phrase: 'open sesame',
    cause: 'parameter-missing',
    evidence: /private-key in eu-central-1 returned ParameterNotFound/,
    fix: /^npx snowgate keypair --run --stage dev --stack http:/,
  },
  {
    claim: 'no passphrase',
    key,
    phrase: undefined,
    cause: 'parameter-missing',
    evidence: /passphrase in eu-central-1 returned ParameterNotFound/,
    fix: /^npx snowgate keypair/,
  },
  {
    claim: 'a passphrase of another key',
    key,
    phrase: 'abracadabra',
    cause: 'passphrase-wrong',
    evidence: /^\/snowgate\/dev\/snowflake\/passphrase: /,
    fix: /put-parameter .* --name \/snowgate\/dev\/snowflake\/passphrase --value file:\/\/passphrase\.txt --region eu-central-1$/,
  },
  {
    claim: 'a key without its line breaks',
    key: key.replaceAll('\n', ' '),
    phrase: 'open sesame',
    cause: 'private-key-newlines-lost',
    evidence: /Its line breaks are missing/,
    fix: /--name \/snowgate\/dev\/snowflake\/private-key --value file:\/\/rsa_key\.p8/,
  },
  {
    claim: 'a truncated key',
    key: key.slice(0, 200),
    phrase: 'open sesame',
    cause: 'private-key-damaged',
    evidence: /^\/snowgate\/dev\/snowflake\/private-key: .*cut off/,
    fix: /rsa_key\.p8/,
  },
  {
    claim: 'a key that is too short for Snowflake',
    key: pem(1_024),
    phrase: 'open sesame',
    cause: 'private-key-damaged',
    evidence: /has 1024 bits/,
    fix: /rsa_key\.p8/,
  },
]

for (const { claim, key, phrase, type = 'SecureString', cause, evidence, fix = /^$/ } of cases) {
  test(`${claim}: ${cause ?? 'no failure'}`, async () => {
    await store({ key, phrase }, type)
    const report = (await runDoctor({ url: stack.url, accessMap })).get('parameters')
    assert.ok(report && report.outcome !== 'skipped')
    assert.equal(report.outcome === 'failed' ? report.cause : undefined, cause)
    assert.ok(
      report.evidence.some((line) => evidence.test(line)),
      JSON.stringify(report.evidence),
    )
    if (report.outcome === 'failed') assert.match(report.fixes.at(-1)?.text ?? '', fix)
    assert.ok(!JSON.stringify(report).includes('sesame'), 'the passphrase was printed')
  })
}
