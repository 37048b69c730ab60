import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLocalStackClient } from '../../cli/local-stack/local-stack-client.ts'
import { issuerOf } from '../../local/services/sts/index.ts'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { serviceMap } from '../service-map.ts'
import { runSnowgate } from './run-snowgate.ts'

const pendingMap = 'dev: {callers: {snowflake: {routes: [POST /hello]}}}\n'
const login = (keys: string) =>
  `dev: {callers: {one: {principals: ['arn:aws:iam::222222222222:role/One'], routes: [POST /hello]}}, snowflake: {account: myorg-myaccount, ${keys}}}\n`
const three =
  'dev: {callers: {one: {routes: [POST /hello]}, snowflake: {routes: [POST /hello]}, two: {routes: [POST /hello]}}}\n'

let stack: RunningStack
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snowgate-setup-'))
  stack = await runningStack()
})
after(async () => {
  await stack.stop()
  await rm(folder, { recursive: true })
})

const setup = (...args: string[]) =>
  runSnowgate(['setup', 'sql', '--access', serviceMap, ...args, '--stack', stack.url])
const deployed = ['--api', 'https://abc123.execute-api.eu-central-1.amazonaws.com/dev', '--account', '111111111111']
const mapOf = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('the script for the local stack creates working functions', async () => {
  const { code, stdout, stderr } = await setup()
  assert.deepEqual([code, stderr], [0, ''])
  const { runStatements } = createLocalStackClient(stack.url)
  assert.equal((await runStatements({ session: 'setup', sql: stdout })).failure, undefined)
  const { results, failure } = await runStatements({
    session: 'user',
    sql: `SELECT snowgate.dev.hello(name), snowgate.dev.hello() FROM (VALUES ('Zoë'), (NULL)) AS t(name)`,
  })
  assert.equal(failure, undefined)
  assert.deepEqual(results[0]?.rows, [
    ['"Hello, Zoë"', '"Hello!"'],
    ['"Hello!"', '"Hello!"'],
  ])
})

test('with a URL and an account it needs no stack', async () => {
  const { code, stdout } = await runSnowgate([
    'setup',
    'sql',
    '--access',
    serviceMap,
    ...deployed,
    '--stack',
    'http://127.0.0.1:9',
  ])
  assert.equal(code, 0)
  assert.match(stdout, /AS 'https:\/\/abc123\.execute-api\.eu-central-1\.amazonaws\.com\/dev\/hello';/)
  assert.match(stdout, /API_AWS_ROLE_ARN = 'arn:aws:iam::111111111111:role\/snowgate-dev-snowflake'/)
})

test('a pending caller is enough: the integration comes first', async () => {
  const { code, stdout } = await setup(...deployed, '--access', mapOf('pending.yml', pendingMap))
  assert.equal(code, 0)
  assert.match(stdout, /^DESC INTEGRATION "SNOWGATE_DEV_SNOWFLAKE_API";$/m)
})

test('one of several Snowflake callers is selected with --caller', async () => {
  const access = mapOf('three.yml', three)
  const { code, stdout } = await setup(...deployed, '--access', access, '--caller', 'two')
  assert.equal(code, 0)
  assert.match(stdout, /role\/snowgate-dev-two'/)
  assert.doesNotMatch(stdout, /snowgate-dev-one/)
  const unnamed = await setup(...deployed, '--access', access)
  assert.deepEqual([unnamed.code, unnamed.stdout], [2, ''])
  assert.match(unnamed.stderr, /more than one Snowflake caller: one, snowflake, two\.\nSelect one with --caller/)
})

test('a stage with a Snowflake login has a third part, the service user', async () => {
  const { stdout } = await setup()
  assert.match(stdout, /^CREATE USER IF NOT EXISTS "SNOWGATE_DEV_PROBE" TYPE = SERVICE;$/m)
  assert.ok(stdout.indexOf('DESC INTEGRATION') < stdout.indexOf('CREATE USER'))
  const alone = await setup('--part', 'service-user')
  assert.ok(stdout.endsWith(alone.stdout))
  assert.doesNotMatch(alone.stdout, /INTEGRATION|FUNCTION/)
  const without = await setup(...deployed, '--access', mapOf('pending.yml', pendingMap))
  assert.doesNotMatch(without.stdout, /CREATE USER/)
})

test('a stage without a Snowflake caller has only that part', async () => {
  const { code, stdout } = await setup(...deployed, '--access', mapOf('login.yml', login('login: key-pair')))
  assert.equal(code, 0)
  assert.match(stdout, /npx snowgate keypair --stage dev/)
  assert.doesNotMatch(stdout, /INTEGRATION/)
})

test('a login by token has the issuer from --issuer, or that of the local stack', async () => {
  const access = mapOf('token.yml', login('login: workload-identity, webIdentityToken: true'))
  const issuer = 'https://0a1b2c3d-0000-4000-8000-0123456789ab.tokens.sts.global.api.aws'
  const aws = await setup(...deployed, '--access', access, '--issuer', issuer)
  assert.ok(aws.stdout.includes(`ISSUER = '${issuer}'`))
  const local = await setup('--access', access)
  assert.ok(local.stdout.includes(`ISSUER = '${issuerOf('111111111111')}'`))
  const unknown = await setup(...deployed, '--access', access)
  assert.deepEqual([unknown.code, unknown.stdout], [2, ''])
  assert.match(
    unknown.stderr,
    /get-outbound-web-identity-federation-info in that account and pass the result as --issuer/,
  )
  const generic = await setup(...deployed, '--access', access, '--issuer', 'https://sts.amazonaws.com')
  assert.deepEqual([generic.code, generic.stdout], [2, ''])
  assert.match(generic.stderr, /is not the token issuer of an AWS account/)
})

test('a stage without a login has no service user', async () => {
  const { code, stdout, stderr } = await setup(
    '--part',
    'service-user',
    ...deployed,
    '--access',
    mapOf('pending.yml', pendingMap),
  )
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /has no Snowflake login\.\nAdd a snowflake section with account and login/)
})

const rejected: readonly { readonly args: readonly string[]; readonly code: number; readonly message: RegExp }[] = [
  { args: ['--api', 'https://x'], code: 2, message: /--api and --account must be used together/ },
  { args: ['--account', '111111111111'], code: 2, message: /--api and --account must be used together/ },
  {
    args: ['--api', 'https://api.example.com/dev', '--account', '111111111111'],
    code: 2,
    message: /does not call custom domains/,
  },
  { args: ['--stage', 'prod'], code: 2, message: /The local stack runs stage dev, not prod\.\nPass --stage dev/ },
  { args: ['--stage', 'prod', ...deployed], code: 2, message: /The URL belongs to stage dev, not prod/ },
  { args: ['--stage', 'nowhere'], code: 1, message: /has no stage "nowhere"/ },
  {
    args: ['--caller', 'analytics'],
    code: 1,
    message: /no Snowflake caller "analytics"\.\nAvailable callers: snowflake/,
  },
  { args: ['--part', 'half'], code: 2, message: /external-functions, external-access, service-user/ },
]

for (const { args, code, message } of rejected) {
  test(`rejected: ${args.join(' ')}`, async () => {
    const ended = await setup(...args)
    assert.deepEqual([ended.code, ended.stdout], [code, ''])
    assert.match(ended.stderr, message)
  })
}
