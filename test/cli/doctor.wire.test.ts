import assert from 'node:assert/strict'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as z from 'zod'
import { createLocalStackClient } from '../../cli/local-stack/local-stack-client.ts'
import { applySetup } from '../../cli/start/baseline.ts'
import { startStack } from '../../local/stack.ts'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import { compile, temporaryFolder } from '../infra/compile.ts'
import { templateFile } from '../infra/template/compiled-template.ts'
import { type RunningStack, runningStack, type StackIdentity } from '../local/running-stack.ts'
import type { ProgramResult } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'
import { runSnowgate } from './run-snowgate.ts'

/** The doctor as a program: output and exit code. */

let stack: RunningStack
before(async () => {
  stack = await runningStack()
  await applySetup(createLocalStackClient(stack.url), 'dev', stageOf(readAccessMap(serviceMap), 'dev'))
})
after(() => stack.stop())

const doctor = (...args: string[]) => runSnowgate(['doctor', '--stack', stack.url, ...args])

const doctorOutput = z.object({
  stage: z.string(),
  ok: z.boolean(),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      outcome: z.enum(['passed', 'failed', 'skipped']),
      evidence: z.array(z.string()).optional(),
      cause: z.string().optional(),
      summary: z.string().optional(),
      fixes: z.array(z.object({ kind: z.enum(['command', 'sql', 'edit']), text: z.string() })).optional(),
      reason: z.string().optional(),
    }),
  ),
})

/** The first failed check with its cause and fixes, and the exit code. */
const parseOutput = ({ code, stdout }: ProgramResult) => {
  const { checks } = doctorOutput.parse(JSON.parse(stdout))
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  return { code, failure: failed && `${failed.id} ${failed.cause}`, fixes: failed?.fixes?.map(({ text }) => text) }
}

const outcomeOf = ({ stdout }: ProgramResult, checkId: string) =>
  doctorOutput.parse(JSON.parse(stdout)).checks.find(({ id }) => id === checkId)?.outcome

test('a stage without failures is listed check by check, and exits with 0', async () => {
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

test('a map that is not deployed fails, checks that depend on it are skipped, and doctor exits with 6', async () => {
  const map = join(await temporaryFolder(), 'other.yml')
  const own = await readFile(serviceMap, 'utf8')
  await writeFile(map, own.replaceAll('LambdaRoleDeve', 'LambdaRoleNext'))
  const { code, stdout } = await doctor('--access', map)
  assert.equal(code, 6)
  assert.match(stdout, /^ {2}✗ deployed template +map-not-deployed$/m)
  assert.match(stdout, /^ {2}· caller role of analytics +skipped \(depends on: deployed template\)$/m)
  assert.match(stdout, /^ {2}caller analytics: .*LambdaRoleNext may assume the caller role \(not deployed\)$/m)
  assert.match(stdout, new RegExp(`^ {2}\\$ npx snowgate deploy --stage dev --access ${map} --local --stack `, 'm'))
})

test('a stage that the stack does not run is fixed by starting it', async () => {
  const { code, failure, fixes } = parseOutput(await doctor('--stage', 'prod', '--json'))
  assert.deepEqual([code, failure, fixes], [6, 'stack not-deployed', ['npx snowgate start --stage prod']])
})

test('without a running stack, doctor prints how to start one', async () => {
  const { code, failure, fixes } = parseOutput(await runSnowgate(['doctor', '--json', '--stack', 'http://127.0.0.1:1']))
  assert.deepEqual(
    [code, failure, fixes],
    [6, 'credentials stack-not-running', ['npx snowgate start --stage dev --port 1']],
  )
})

test('a mistake in the map is reported with its line, and checks that need no map still run', async () => {
  const map = join(await temporaryFolder(), 'wrong.yml')
  await writeFile(
    map,
    'dev:\n  callers:\n    a:\n      principals: [arn:aws:iam::222222222222:role/R]\n      routes: [POST /helo]\n',
  )
  const ended = await doctor('--access', map, '--json')
  const { checks } = doctorOutput.parse(JSON.parse(ended.stdout))
  const passed = checks.flatMap(({ id, outcome }) => (outcome === 'passed' ? [id] : []))
  assert.deepEqual(passed, ['credentials', 'identity', 'sts-region', 'stack', 'endpoint'])
  const { code, failure, fixes } = parseOutput(ended)
  assert.deepEqual([code, failure], [6, 'map map-invalid'])
  assert.match(fixes?.[0] ?? '', /wrong\.yml:5:16 {2}dev\.callers\.a\.routes\[0\]: .*write "POST \/hello"/)
})

test('a stage that is missing in the map is reported with the existing stages', async () => {
  const { code, failure, fixes } = parseOutput(await doctor('--stage', 'qa', '--json'))
  assert.deepEqual([code, failure], [6, 'map map-invalid'])
  assert.match(fixes?.[0] ?? '', /no stage "qa": its stages are dev, stg, prod/)
})

const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken }: StackIdentity) => ({
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
  readonly failure?: string
  readonly fix?: RegExp
  /** A check that passes all the same, and one that is skipped. */
  readonly passed?: string
  readonly skipped?: string
}

const cases: readonly Case[] = [
  // Without a connection the Snowflake checks are skipped: no failure, and not everything was checked.
  {
    claim: 'an AWS account is checked with the keys of the environment',
    as: 'admin',
    code: 1,
    passed: 'function:hello',
    skipped: 'integration:snowflake',
  },
  {
    claim: 'an expired session',
    as: 'expired',
    code: 6,
    failure: 'identity session-expired',
    fix: /^aws sso login --profile <profile>$/,
  },
  {
    claim: 'keys with quotes around them',
    as: 'admin',
    env: { AWS_SECRET_ACCESS_KEY: '"planted-secret"' },
    code: 6,
    failure: 'credentials credentials-quoted',
    fix: /^eval "\$\(aws configure export-credentials --format env --profile <profile>\)"$/,
  },
  {
    claim: 'a session token left in the environment',
    as: 'admin',
    env: { AWS_SESSION_TOKEN: 'planted-secret' },
    code: 6,
    failure: 'credentials session-token-foreign',
    fix: /^unset AWS_SESSION_TOKEN$/,
  },
  {
    claim: 'a secret of another key',
    as: 'admin',
    env: { AWS_SECRET_ACCESS_KEY: 'planted-secret' },
    code: 6,
    failure: 'identity secret-wrong',
    fix: /export-credentials/,
  },
  {
    claim: 'an unknown access key',
    as: 'admin',
    env: { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' },
    code: 6,
    failure: 'identity credentials-unknown',
    fix: /export-credentials/,
  },
  {
    claim: 'a region other than that of the endpoint',
    as: 'admin',
    args: ['--region', 'eu-west-1'],
    code: 6,
    failure: 'identity region-wrong',
    fix: /^npx snowgate doctor --aws --stage dev --access \S+service\.yml$/,
  },
  {
    claim: 'an endpoint without a server',
    as: 'admin',
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    code: 6,
    failure: 'identity aws-unreachable',
    fix: /^curl -sSv https:\/\/sts\.eu-central-1\.amazonaws\.com$/,
  },
  {
    claim: 'no credentials at all',
    as: 'admin',
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    code: 6,
    failure: 'credentials credentials-missing',
    fix: /^aws sso login/,
  },
  // The identity exists and has no permissions: its checks are skipped.
  { claim: 'an identity without read permissions', as: 'analytics', code: 1, passed: 'identity', skipped: 'stack' },
]

for (const { claim, as, env = {}, args = [], code, failure, fix = /^$/, passed, skipped } of cases) {
  test(`--aws: ${claim}${failure === undefined ? '' : ` is ${failure}`}`, async () => {
    const identity = await stack.identity(as)
    const ended = await runSnowgate(['doctor', '--aws', '--json', '--access', serviceMap, ...args], {
      env: { ...environmentOf(identity), ...env },
    })
    const seen = parseOutput(ended)
    assert.deepEqual([seen.code, seen.failure], [code, failure], ended.stdout)
    assert.match(seen.fixes?.at(-1) ?? '', fix)
    if (passed !== undefined) assert.equal(outcomeOf(ended, passed), 'passed')
    if (skipped !== undefined) assert.equal(outcomeOf(ended, skipped), 'skipped')
    for (const secret of [identity.secretAccessKey, identity.sessionToken, 'planted-secret']) {
      if (secret === null) continue
      assert.ok(!`${ended.stdout}${ended.stderr}`.includes(secret), 'a secret was printed')
    }
  })
}

test('--profile without --aws is a usage error', async () => {
  const { code, stderr } = await doctor('--profile', 'work')
  assert.equal(code, 2)
  assert.match(stderr, /Add --aws to check an AWS account\./)
})

test('a template altered before the start differs from the one derived from the map', async (context) => {
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

test('a caller pending without an integration in Snowflake is fixed by snowgate setup', async (context) => {
  const prod = await runningStack({ stage: 'prod' })
  context.after(() => prod.stop())
  const ended = await runSnowgate(['doctor', '--stage', 'prod', '--json', '--stack', prod.url])
  const { code, failure, fixes } = parseOutput(ended)
  assert.deepEqual([code, failure], [6, 'caller-role:snowflake caller-pending'])
  assert.deepEqual(fixes, [
    `npx snowgate setup --yes --stage prod --caller snowflake --access ${serviceMap} --stack ${prod.url}`,
  ])
})
