/** The doctor as a program: what it prints, and how it ends. */
import assert from 'node:assert/strict'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as z from 'zod'
import { openLocalStack } from '../../cli/local-stack/index.ts'
import { setUpWhole } from '../../cli/start/index.ts'
import { startStack } from '../../local/stack.ts'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import { compile, temporaryFolder } from '../infra/compile.ts'
import { templateFile } from '../infra/template.ts'
import { type Identity, type RunningStack, runningStack } from '../local/running-stack.ts'
import type { Ended } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'
import { runSnowgate } from './run-snowgate.ts'

let stack: RunningStack
before(async () => {
  stack = await runningStack()
  await setUpWhole(openLocalStack(stack.url), 'dev', stageOf(readAccessMap(serviceMap), 'dev'))
})
after(() => stack.stop())

const doctor = (...args: string[]) => runSnowgate(['doctor', '--stack', stack.url, ...args])

const told = z.object({
  stage: z.string(),
  ok: z.boolean(),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      outcome: z.enum(['passed', 'failed', 'skipped']),
      evidence: z.array(z.string()).optional(),
      cause: z.string().optional(),
      what: z.string().optional(),
      mend: z.array(z.object({ kind: z.enum(['command', 'sql', 'edit']), text: z.string() })).optional(),
      why: z.string().optional(),
    }),
  ),
})

/** The first broken hop and its cause, and how the program ended. */
const verdict = ({ code, stdout }: Ended) => {
  const { checks } = told.parse(JSON.parse(stdout))
  const broken = checks.find(({ outcome }) => outcome === 'failed')
  return { code, broken: broken && `${broken.id} ${broken.cause}`, mend: broken?.mend?.map(({ text }) => text) }
}

const outcomeOf = ({ stdout }: Ended, wanted: string) =>
  told.parse(JSON.parse(stdout)).checks.find(({ id }) => id === wanted)?.outcome

test('a sound stage is told hop by hop, and ends with 0', async () => {
  const { code, stdout, stderr } = await doctor()
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, new RegExp(`^Stage dev on the local stack ${stack.url}:\n`))
  for (const title of [
    'access map',
    'AWS identity',
    'API resource policy',
    'caller role of analytics',
    'function hello',
  ]) {
    assert.match(stdout, new RegExp(`^  ✓ ${title} `, 'm'))
  }
  assert.match(stdout, /^All \d+ checks passed\.$/m)
})

test('another map than the deployed one is named, what depends on it is not reached, and it ends with 6', async () => {
  const map = join(await temporaryFolder(), 'other.yml')
  const own = await readFile(serviceMap, 'utf8')
  await writeFile(map, own.replaceAll('LambdaRoleDeve', 'LambdaRoleNext'))
  const { code, stdout } = await doctor('--access', map)
  assert.equal(code, 6)
  assert.match(stdout, /^ {2}✗ deployed template +map-not-deployed$/m)
  assert.match(stdout, /^ {2}· door of analytics +not reached: deployed template comes first$/m)
  assert.match(stdout, /^ {2}caller analytics: .*LambdaRoleNext may assume the caller role \(not deployed\)$/m)
  assert.match(stdout, new RegExp(`^ {2}\\$ npx snowgate deploy --stage dev --access ${map} --local --stack `, 'm'))
})

test('another stage than the deployed one is started, not mended', async () => {
  const { code, broken, mend } = verdict(await doctor('--stage', 'prod', '--json'))
  assert.deepEqual([code, broken, mend], [6, 'stack not-deployed', ['npx snowgate start --stage prod']])
})

test('without a stack to look at it says how to start one', async () => {
  const { code, broken, mend } = verdict(await runSnowgate(['doctor', '--json', '--stack', 'http://127.0.0.1:1']))
  assert.deepEqual([code, broken, mend], [6, 'credentials stack-not-running', ['npx snowgate start --stage dev']])
})

test('a map with a mistake is told with the line to mend, and what needs no map is looked at', async () => {
  const map = join(await temporaryFolder(), 'wrong.yml')
  await writeFile(
    map,
    'dev:\n  callers:\n    a:\n      principals: [arn:aws:iam::222222222222:role/R]\n      routes: [POST /helo]\n',
  )
  const ended = await doctor('--access', map, '--json')
  const { checks } = told.parse(JSON.parse(ended.stdout))
  const passed = checks.flatMap(({ id, outcome }) => (outcome === 'passed' ? [id] : []))
  assert.deepEqual(passed, ['credentials', 'identity', 'sts-region', 'stack', 'endpoint'])
  const { code, broken, mend } = verdict(ended)
  assert.deepEqual([code, broken], [6, 'map map-invalid'])
  assert.match(mend?.[0] ?? '', /wrong\.yml:5:16 {2}dev\.callers\.a\.routes\[0\]: .*write "POST \/hello"/)
})

test('a stage that is not on the map is told with those that are', async () => {
  const { code, broken, mend } = verdict(await doctor('--stage', 'qa', '--json'))
  assert.deepEqual([code, broken], [6, 'map map-invalid'])
  assert.match(mend?.[0] ?? '', /no stage "qa": its stages are dev, stg, prod/)
})

const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken }: Identity) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken !== null && { AWS_SESSION_TOKEN: sessionToken }),
  AWS_ENDPOINT_URL: stack.url,
})

interface Case {
  readonly claim: string
  readonly as: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly code: number
  readonly broken?: string
  readonly mend?: RegExp
  /** A hop that is passed all the same, and one that is not reached. */
  readonly passed?: string
  readonly unseen?: string
}

const cases: readonly Case[] = [
  // Without a connection nobody looks into Snowflake: nothing is broken, and not everything was seen.
  {
    claim: 'an AWS account is looked at with the keys of the environment',
    as: 'admin',
    code: 1,
    passed: 'function:hello',
    unseen: 'integration:snowflake',
  },
  {
    claim: 'a session that is over',
    as: 'expired',
    code: 6,
    broken: 'identity session-expired',
    mend: /^aws sso login --profile <profile>$/,
  },
  {
    claim: 'keys with quotes around them',
    as: 'admin',
    env: { AWS_SECRET_ACCESS_KEY: '"planted-secret"' },
    code: 6,
    broken: 'credentials credentials-quoted',
    mend: /^eval "\$\(aws configure export-credentials --format env --profile <profile>\)"$/,
  },
  {
    claim: 'a token that was left behind',
    as: 'admin',
    env: { AWS_SESSION_TOKEN: 'planted-secret' },
    code: 6,
    broken: 'credentials session-token-foreign',
    mend: /^unset AWS_SESSION_TOKEN$/,
  },
  {
    claim: 'a secret that is not that of the key',
    as: 'admin',
    env: { AWS_SECRET_ACCESS_KEY: 'planted-secret' },
    code: 6,
    broken: 'identity secret-wrong',
    mend: /export-credentials/,
  },
  {
    claim: 'a key that nobody has',
    as: 'admin',
    env: { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' },
    code: 6,
    broken: 'identity credentials-unknown',
    mend: /export-credentials/,
  },
  {
    claim: 'a region that the endpoint is not of',
    as: 'admin',
    args: ['--region', 'eu-west-1'],
    code: 6,
    broken: 'identity region-wrong',
    mend: /^npx snowgate doctor --aws --stage dev$/,
  },
  {
    claim: 'an endpoint where nobody listens',
    as: 'admin',
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    code: 6,
    broken: 'identity aws-unreachable',
    mend: /^curl -sSv https:\/\/sts\.eu-central-1\.amazonaws\.com$/,
  },
  {
    claim: 'no credentials at all',
    as: 'admin',
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    code: 6,
    broken: 'credentials credentials-missing',
    mend: /^aws sso login/,
  },
  // The identity is sound, and sees nothing: that is no finding.
  { claim: 'somebody who may look at nothing', as: 'analytics', code: 1, passed: 'identity', unseen: 'stack' },
]

for (const { claim, as, env = {}, args = [], code, broken, mend = /^$/, passed, unseen } of cases) {
  test(`--aws: ${claim}${broken === undefined ? '' : ` is ${broken}`}`, async () => {
    const identity = await stack.identity(as)
    const ended = await runSnowgate(['doctor', '--aws', '--json', ...args], {
      env: { ...environmentOf(identity), ...env },
    })
    const seen = verdict(ended)
    assert.deepEqual([seen.code, seen.broken], [code, broken], ended.stdout)
    assert.match(seen.mend?.at(-1) ?? '', mend)
    if (passed !== undefined) assert.equal(outcomeOf(ended, passed), 'passed')
    if (unseen !== undefined) assert.equal(outcomeOf(ended, unseen), 'skipped')
    for (const secret of [identity.secretAccessKey, identity.sessionToken, 'planted-secret']) {
      if (secret === null) continue
      assert.ok(!`${ended.stdout}${ended.stderr}`.includes(secret), 'a secret was printed')
    }
  })
}

test('--profile without --aws is a mistake', async () => {
  const { code, stderr } = await doctor('--profile', 'work')
  assert.equal(code, 2)
  assert.match(stderr, /Add --aws to check an AWS account\./)
})

test('a template that was altered before the start is not the one that the map gives', async (context) => {
  const folder = await temporaryFolder()
  await cp(await compile({ stage: 'stg' }), folder, { recursive: true })
  const path = join(folder, templateFile)
  const compiled = await readFile(path, 'utf8')
  await writeFile(
    path,
    compiled.replaceAll(/"HttpMethod": ?"PUT"/g, '"HttpMethod":"DELETE"').replace('/stg/PUT/', '/stg/DELETE/'),
  )
  const altered = await startStack({
    packageDirectory: folder,
    accessMapPath: serviceMap,
    port: 0,
    seed: 'test',
    print: () => {},
  })
  context.after(() => altered.stop())
  const { code, stdout } = await runSnowgate(['doctor', '--stage', 'stg', '--stack', altered.url])
  assert.equal(code, 6)
  assert.match(stdout, /^ {2}PUT \/hello is not deployed$/m)
  assert.match(stdout, /^ {2}DELETE \/hello is deployed but no longer in the access map$/m)
})

test('a door that is still shut is told with the run that opens it, as long as Snowflake has nothing either', async (context) => {
  const prod = await runningStack({ stage: 'prod' })
  context.after(() => prod.stop())
  const ended = await runSnowgate(['doctor', '--stage', 'prod', '--json', '--stack', prod.url])
  const { code, broken, mend } = verdict(ended)
  assert.deepEqual([code, broken], [6, 'caller-role:snowflake caller-pending'])
  assert.deepEqual(mend, [`npx snowgate setup --yes --stage prod --caller snowflake --stack ${prod.url}`])
})
