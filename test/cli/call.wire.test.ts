import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '../infra/compile.ts'
import { type RunningStack, runningStack, type StackIdentity } from '../local/running-stack.ts'
import type { ProgramResult } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'
import { runSnowgate } from './run-snowgate.ts'

let stack: RunningStack
let analytics: StackIdentity

before(async () => {
  stack = await runningStack()
  analytics = await stack.identity('analytics')
})
after(() => stack.stop())

const call = (...args: string[]) =>
  runSnowgate(['call', '--access', serviceMap, ...args], { env: { SNOWGATE_STACK: stack.url } })

/** With the environment that `snowgate env` exports. */
const callWith = (env: Record<string, string>, ...args: string[]) =>
  runSnowgate(['call', ...args], {
    env: {
      AWS_ACCESS_KEY_ID: analytics.accessKeyId,
      AWS_SECRET_ACCESS_KEY: analytics.secretAccessKey,
      AWS_SESSION_TOKEN: analytics.sessionToken ?? '',
      AWS_REGION: analytics.region,
      AWS_ENDPOINT_URL: stack.url,
      SNOWGATE_STACK: stack.url,
      ...env,
    },
  })

const callerRoleArn = () => analytics.callerRoleArn ?? ''
const hello = () => `${analytics.endpoints.api}/hello`

test('a local identity assumes its caller role and gets a greeting', async () => {
  const ended = await call('--as', 'analytics', '/hello', '-d', '{"name":"Alice"}')
  assert.deepEqual(ended, { code: 0, stdout: '"Hello, Alice"', stderr: '' })
})

test('the method precedes the path or follows -X, and depends on the data otherwise', async () => {
  assert.equal((await call('--as', 'analytics', 'put', '/hello', '-d', '{"name":"Ö"}')).stdout, '"Hello, Ö"')
  assert.equal((await call('--as', 'analytics', '-X', 'PUT', '/hello', '-d', '{"name":"Ö"}')).stdout, '"Hello, Ö"')
  assert.equal((await call('--as', 'analytics', '/hello')).stdout, '"Hello!"')
})

test('the body comes from a file or from standard input, byte for byte', async () => {
  const file = join(await temporaryFolder(), 'body.json')
  await writeFile(file, '{"name":\n"Файл"}\n')
  assert.equal((await call('--as', 'analytics', '/hello', '-d', `@${file}`)).stdout, '"Hello, Файл"')
  const piped = await runSnowgate(['call', '--as', 'analytics', '/hello', '-d', '@-', '--stack', stack.url], {
    stdin: '{"name":"管"}',
  })
  assert.equal(piped.stdout, '"Hello, 管"')
})

test('-i prints the head of the answer, --json all of it for a program', async () => {
  assert.match((await call('--as', 'analytics', '-i', '/hello')).stdout, /^HTTP\/1\.1 200 OK\n[\s\S]*\n\n"Hello!"$/)
  const response = JSON.parse((await call('--as', 'analytics', '--json', '/hello')).stdout)
  assert.equal(response.status, 200)
  assert.equal(response.body, '"Hello!"')
  assert.match(response.headers['x-amzn-requestid'], /^[0-9a-f-]{36}$/)
})

test('-v shows what was sent and received, and neither signature nor token', async () => {
  const { stderr } = await call('--as', 'analytics', '-v', '/hello', '-H', 'X-Trace: one', '-d', '{}')
  assert.match(stderr, /^> POST \/dev\/hello HTTP\/1\.1$/m)
  assert.match(stderr, /^> x-trace: one$/m)
  assert.match(stderr, /^> x-amz-security-token: …$/m)
  assert.match(stderr, /Signature=…$/m)
  assert.match(stderr, /^< HTTP\/1\.1 200 OK$/m)
})

test('keys from the environment assume the caller role that snowgate env exports', async () => {
  const env = { SNOWGATE_API: analytics.endpoints.api, SNOWGATE_CALLER_ROLE_ARN: callerRoleArn() }
  assert.equal((await callWith(env, '/hello')).stdout, '"Hello!"')
  const withoutCallerRole = await callWith(env, '--no-assume', '/hello')
  assert.equal(withoutCallerRole.code, 4)
  assert.match(withoutCallerRole.stdout, /LambdaRoleDeve\/analytics is not authorized to perform: execute-api:Invoke/)
})

test('a profile signs, and assumes the role of --role-arn', async () => {
  const credentials = join(await temporaryFolder(), 'credentials')
  await writeFile(
    credentials,
    `[work]
aws_access_key_id = ${analytics.accessKeyId}
aws_secret_access_key = ${analytics.secretAccessKey}
aws_session_token = ${analytics.sessionToken}
region = ${analytics.region}
`,
  )
  const ended = await runSnowgate(
    ['call', hello(), '--profile', 'work', '--role-arn', callerRoleArn(), '--duration', '900'],
    {
      env: { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_ENDPOINT_URL: stack.url },
    },
  )
  assert.deepEqual([ended.code, ended.stdout], [0, '"Hello!"'])
})

test('the external id and the session name go to STS', async () => {
  const snowflake = await stack.identity('snowflake')
  const ended = await call('--as', 'snowflake', '/hello', '--session-name', 'from-the-test', '--explain')
  assert.match(ended.stderr, /^ALLOW: .*snowgate-dev-snowflake\/from-the-test$/m)
  const wrong = await call('--as', 'snowflake', '/hello', '--external-id', `${snowflake.externalId}x`)
  assert.equal(wrong.code, 4)
  assert.match(wrong.stderr, /^snowgate: STS rejected AssumeRole for .*snowgate-dev-snowflake\. AccessDenied: User: /)
})

interface Case {
  readonly claim: string
  readonly run: () => Promise<ProgramResult>
  readonly code: number
  readonly stderr: RegExp
}

const expired = () => ({ AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' })

const cases: readonly Case[] = [
  {
    claim: 'a URL without https:// is recognised before anything is signed',
    run: () => call('--as', 'analytics', 'abc.execute-api.eu-central-1.amazonaws.com/dev/hello'),
    code: 2,
    stderr: /has no scheme\.\nUse https:\/\/abc\.execute-api/,
  },
  {
    claim: 'quotes around a key are recognised as jq without -r',
    run: () => callWith({ AWS_ACCESS_KEY_ID: `"${analytics.accessKeyId}"` }, hello()),
    code: 1,
    stderr: /access key id has quotes around it\.\nUse the value without quotes\. With jq, pass -r\./,
  },
  {
    claim: 'a token with its expiration is recognised as expired',
    run: () => callWith(expired(), hello()),
    code: 1,
    stderr: /expired at 2020-01-01T00:00:00\.000Z\.\nGet new ones/,
  },
  {
    claim: 'an expired token is distinguished from a wrong one',
    run: () => call('--as', 'expired', '/hello'),
    code: 4,
    stderr: /^snowgate: The session of the temporary keys has expired\. .*eval "\$\(npx snowgate env <caller>\)"/m,
  },
  {
    claim: 'a key without its token is recognised',
    run: () => callWith({ AWS_SESSION_TOKEN: '' }, hello()),
    code: 1,
    stderr: /AWS_SESSION_TOKEN is missing/,
  },
  {
    claim: 'a signature for another region is rejected with the flag to pass',
    run: () => call('--as', 'reporting', '/hello', '-d', '{}', '--region', 'us-east-1'),
    code: 4,
    stderr: /^snowgate: The signature is for another region\. .*--region/m,
  },
  {
    claim: 'a signature for another service is rejected with the flag to pass',
    run: () => call('--as', 'reporting', '/hello', '-d', '{}', '--service', 's3'),
    code: 4,
    stderr: /^snowgate: The signature is for another service\. Sign for execute-api: --service execute-api /m,
  },
  {
    claim: 'a route that does not exist is reported',
    run: () => call('--as', 'reporting', 'POST', '/nothing'),
    code: 4,
    stderr: /no such method and path/,
  },
  {
    claim: 'a missing external id is guessed from the rejection',
    run: async () =>
      call('--as', 'snowflake', '/hello', '--role-arn', (await stack.identity('snowflake')).callerRoleArn ?? ''),
    code: 4,
    stderr: /requires an external id\. Pass --external-id/,
  },
  {
    claim: 'an external id without a role to show it to is a mistake',
    run: () => call('--as', 'reporting', '/hello', '--external-id', 'abc'),
    code: 2,
    stderr: /--external-id requires a role/,
  },
  {
    claim: 'an unknown identity is rejected with the existing ones',
    run: () => call('--as', 'nobody', '/hello'),
    code: 1,
    stderr: /There is no identity "nobody"\. There are: snowflake, analytics, /,
  },
  {
    claim: 'no credentials at all are answered with where they could come from',
    run: () => call('/hello'),
    code: 1,
    stderr: /No AWS credentials found.*\nPass --as/,
  },
  {
    claim: 'a path without an API is answered with where it could come from',
    run: () => callWith({}, '/hello'),
    code: 2,
    stderr: /No API is configured for \/hello\.\nPass --as/,
  },
  {
    claim: 'a duration that STS would reject is a usage error',
    run: () => call('--as', 'analytics', '/hello', '--duration', '60'),
    code: 2,
    stderr: /number of seconds from 900 to 43200/,
  },
  {
    claim: 'a method passed twice is a usage error',
    run: () => call('--as', 'analytics', '-X', 'PUT', 'POST', '/hello'),
    code: 2,
    stderr: /Two methods given/,
  },
  {
    claim: 'a header without a colon is a mistake',
    run: () => call('--as', 'analytics', '/hello', '-H', 'nonsense'),
    code: 2,
    stderr: /Invalid header: nonsense/,
  },
  {
    claim: 'a body file that is not there is a mistake',
    run: () => call('--as', 'analytics', '/hello', '-d', '@/nonexistent'),
    code: 2,
    stderr: /Cannot read \/nonexistent/,
  },
  {
    claim: 'without a stack, the command that starts it is printed',
    run: () => runSnowgate(['call', '--as', 'analytics', '/hello', '--stack', 'http://127.0.0.1:1']),
    code: 1,
    stderr: /Cannot connect to the local stack at http:\/\/127\.0\.0\.1:1\.\nStart it with: npx snowgate start/,
  },
]

for (const { claim, run, code, stderr } of cases) {
  test(claim, async () => {
    const ended = await run()
    assert.match(ended.stderr, stderr)
    assert.equal(ended.code, code)
    for (const secret of [analytics.secretAccessKey, analytics.sessionToken ?? '-']) {
      assert.ok(!ended.stderr.includes(secret), 'a secret was printed')
    }
  })
}

test('a target of the map is called by its name, as a principal that its role trusts', async () => {
  const status = await call('--as', 'admin', 'graph', '/status')
  assert.equal(status.code, 0)
  assert.equal(JSON.parse(status.stdout).status, 'healthy')
  const options = await call('--as', 'admin', 'GET', 'orders', '/orders/7')
  assert.deepEqual([options.code, JSON.parse(options.stdout).path], [0, '/orders/7'])

  const rejected = await call('--as', 'stranger', 'graph', '/status')
  assert.equal(rejected.code, 4)
  assert.match(rejected.stderr, /STS rejected AssumeRole for .*NeptuneReader\. AccessDenied/)
  const unknown = await call('--as', 'admin', 'grph', '/status')
  assert.equal(unknown.code, 1)
  assert.match(unknown.stderr, /Stage dev has no target "grph"\.\nAvailable targets: graph, orders/)
})

test('a rejection by the target is distinguished from one by STS', async () => {
  const { code, stdout, stderr } = await call('--as', 'admin', 'orders', '/secret')
  assert.equal(code, 4)
  assert.match(
    stdout,
    /^\{"Message":"User: arn:aws:sts::555555555555:assumed-role\/OrdersClient\/snowgate-call is not authorized to perform: execute-api:Invoke on resource: .* because no identity-based policy allows/,
  )
  assert.ok(!stderr.includes('AssumeRole'))
})

test('profiles that name another profile, or a program, are understood', async () => {
  const folder = await temporaryFolder()
  const issued = join(folder, 'issued.json')
  await writeFile(
    issued,
    JSON.stringify({
      Version: 1,
      AccessKeyId: analytics.accessKeyId,
      SecretAccessKey: analytics.secretAccessKey,
      SessionToken: analytics.sessionToken,
    }),
  )
  const config = join(folder, 'config')
  await writeFile(
    config,
    `[profile program]
credential_process = cat ${issued}
region = ${analytics.region}

[profile door]
source_profile = program
role_arn = ${callerRoleArn()}
region = ${analytics.region}
`,
  )
  const env = { AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL: stack.url }
  const byProgram = await runSnowgate(['call', hello(), '--profile', 'program', '--role-arn', callerRoleArn()], { env })
  assert.deepEqual([byProgram.code, byProgram.stdout], [0, '"Hello!"'])
  const bySource = await runSnowgate(['call', hello(), '--profile', 'door'], { env })
  assert.deepEqual([bySource.code, bySource.stdout], [0, '"Hello!"'])
})

test('--presign prints a URL that any client may send as it is, and not otherwise', async () => {
  const { code, stdout } = await call('--as', 'analytics', '--presign', '/hello?name=Zo%C3%AB+x')
  assert.equal(code, 0)
  const url = new URL(stdout.trim())
  assert.equal(url.searchParams.get('X-Amz-Expires'), '300')
  const answer = await fetch(url)
  assert.deepEqual([answer.status, await answer.text()], [200, '"Hello, Zoë+x"'])
  url.searchParams.set('X-Amz-Expires', '600')
  assert.equal((await fetch(url)).status, 403)
  assert.equal((await call('--as', 'analytics', '--presign', '/hello', '-d', '{}')).code, 2)
})

test('--explain prints check, statement and fix of a rejection', async () => {
  const { code, stderr } = await call('--as', 'stranger', '--explain', 'POST', '/hello')
  assert.equal(code, 4)
  assert.match(stderr, /^DENY: arn:aws:iam::666666666666:user\/stranger$/m)
  assert.match(stderr, /✗ resource-based policy: resource policy of the API, DenyAllOthers denies: /)
  assert.match(stderr, /→ .+/)
})

test('--explain works for the AssumeRole on the way', async () => {
  const { code, stderr } = await call('--as', 'analytics@prod', '--explain', '/hello')
  assert.equal(code, 4)
  assert.match(stderr, /^DENY: arn:aws:sts::222222222222:assumed-role\/LambdaRoleProd\//m)
  assert.match(stderr, /✗ role trust policy: no statement allows it/)
})
