import assert from 'node:assert/strict'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { runSnowgate } from '../../cli/run-snowgate.ts'
import { compile, temporaryFolder } from '../../infra/compile.ts'
import { serviceMap } from '../../service-map.ts'
import { type Credentials, type RunningStack, runningStack, type StackIdentity, sign } from '../running-stack.ts'

const region = 'eu-central-1'

const writeMap = async (text: string): Promise<string> => {
  const path = join(await temporaryFolder(), 'access.yml')
  await writeFile(path, text)
  return path
}

const snowflake = (externalIds: string) => `    snowflake:
      iamUserArn: arn:aws:iam::999999999999:user/abcd-s-example
      externalIds: [${externalIds}]
      routes: [POST /hello, GET /hello]
`
const ids = 'ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=, ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq='
const analytics = (routes: string) => `    analytics:
      principals: [arn:aws:iam::222222222222:role/LambdaRoleDeve]
      routes: [${routes}]
`
const reporting = `    reporting:
      principals: [arn:aws:iam::444444444444:role/ReportingRole]
      direct: true
      routes: [POST /hello]
`
const partner = `    partner:
      principals: [arn:aws:iam::777777777777:role/Partner]
      externalIds: [partner-1]
      routes: [POST /hello]
`
const first = `dev:\n  callers:\n${snowflake(ids)}${analytics('POST /hello, PUT /hello')}${reporting}`
const second = `dev:\n  callers:\n${snowflake(ids)}${analytics('POST /hello')}${partner}`

let stack: RunningStack
let firstMap: string

before(async () => {
  firstMap = await writeMap(first)
  stack = await runningStack({ accessMap: firstMap })
})
after(() => stack.stop())

/** The session of the identity's caller role. */
const assumeCallerRole = async (identity: StackIdentity): Promise<Credentials> => {
  const { accessKeyId, secretAccessKey, sessionToken, callerRoleArn, externalId } = identity
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) }
  const sts = new STSClient({ endpoint: stack.url, region, credentials })
  const order = { RoleArn: callerRoleArn, RoleSessionName: 'test', ...(externalId && { ExternalId: externalId }) }
  const { Credentials: session } = await sts.send(new AssumeRoleCommand(order)).finally(() => sts.destroy())
  return {
    accessKeyId: session?.AccessKeyId ?? '',
    secretAccessKey: session?.SecretAccessKey ?? '',
    sessionToken: session?.SessionToken,
  }
}

const hello = async (credentials: Credentials, method = 'POST') => {
  const { status, errorType, body } = await stack.send(
    sign({ method, path: '/dev/hello', body: '{"name":"Alice"}' }, credentials, { host: stack.host }),
  )
  return [status, errorType, body]
}
const accepted = [200, undefined, '"Hello, Alice"']
const assertRejected = (words: RegExp, [status, errorType, body]: Awaited<ReturnType<typeof hello>>) => {
  assert.deepEqual([status, errorType], [403, 'AccessDeniedException'])
  assert.match(String(body), words)
}

const sql = async (statements: string) => {
  const { code, stdout, stderr } = await runSnowgate(['sql', '--stack', stack.url], { stdin: statements })
  return { code, output: stdout + stderr }
}
const greeting = "SELECT snowgate.dev.hello(name) AS greeting FROM (VALUES ('Alice')) AS t(name)"

test('another map: new callers are allowed, removed callers are rejected, and all others keep keys, ids and sessions', async () => {
  const before = {
    service: await stack.describe(),
    snowflake: await stack.identity('snowflake'),
    analytics: await stack.identity('analytics'),
    reporting: await stack.identity('reporting'),
    expired: await stack.identity('expired'),
  }
  const session = await assumeCallerRole(before.analytics)
  assert.deepEqual(await hello(session, 'PUT'), accepted)
  assert.deepEqual(await hello(before.reporting), accepted)

  const secondMap = await writeMap(second)
  const deployed = await stack.deploy(secondMap)
  assert.equal(deployed.status, 200, deployed.body)
  const service = await stack.describe()
  assert.deepEqual(JSON.parse(deployed.body), service)
  const { packageDirectory } = service
  assert.deepEqual(service, { ...before.service, accessMap: secondMap, packageDirectory })
  assert.notEqual(packageDirectory, before.service.packageDirectory)

  assert.deepEqual(await stack.identity('analytics'), before.analytics)
  assert.deepEqual(await stack.identity('snowflake'), before.snowflake)
  assert.deepEqual(await stack.identity('expired'), before.expired)
  await assert.rejects(stack.identity('reporting'), /There is no identity \\"reporting\\"/)
  assert.deepEqual(await hello(await assumeCallerRole(await stack.identity('partner'))), accepted)
  assertRejected(
    /not authorized to perform: execute-api:Invoke .* with an explicit deny/,
    await hello(before.reporting),
  )

  assert.deepEqual(await hello(session), accepted)
  const [status, errorType] = await hello(session, 'PUT')
  assert.deepEqual([status, errorType], [403, 'MissingAuthenticationTokenException'])

  await stack.deploy(await writeMap(`dev:\n  callers:\n${partner}`))
  assert.deepEqual(await hello(session), [
    403,
    'UnrecognizedClientException',
    '{"message":"The security token included in the request is invalid."}',
  ])
  await stack.deploy(firstMap)
  assert.deepEqual(await stack.identity('analytics'), before.analytics)
  assert.deepEqual(await hello(await assumeCallerRole(before.analytics), 'PUT'), accepted)
  assert.deepEqual(await hello(before.reporting), accepted)
})

test('a session that lost a route to its role is rejected by the policy that the role has now', async () => {
  const session = await assumeCallerRole(await stack.identity('analytics'))
  assert.deepEqual(await hello(session, 'PUT'), accepted)
  const map = `dev:\n  callers:\n${analytics('POST /hello')}${partner.replace('POST', 'PUT')}`
  assert.equal((await stack.deploy(await writeMap(map))).status, 200)
  assertRejected(
    /because no resource-based policy allows|because no identity-based policy allows/,
    await hello(session, 'PUT'),
  )
  assert.deepEqual(await hello(session), accepted)
  await stack.deploy(firstMap)
})

test('Snowflake keeps what it holds and is not trusted any longer than the map says; parameters stay', async () => {
  const setup = await runSnowgate(['setup', 'sql', '--access', firstMap, '--stack', stack.url])
  assert.equal((await sql(setup.stdout)).code, 0)
  assert.match((await sql(greeting)).output, /Hello, Alice/)
  const { accessKeyId, secretAccessKey } = await stack.identity('admin')
  const ssm = new SSMClient({ endpoint: stack.url, region, credentials: { accessKeyId, secretAccessKey } })
  await ssm.send(new PutParameterCommand({ Name: '/kept', Value: 'kept', Type: 'String' }))

  const mistrusting = `dev:\n  callers:\n${snowflake('OTHER_SFCRole=1_other=')}`
  assert.equal((await stack.deploy(await writeMap(mistrusting))).status, 200)
  const pending = await sql(greeting)
  assert.equal(pending.code, 1)
  assert.match(pending.output, /Error assuming AWS_ROLE/)

  assert.equal((await stack.deploy(firstMap)).status, 200)
  assert.match((await sql(greeting)).output, /Hello, Alice/)
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/kept' }))
  assert.equal(Parameter?.Value, 'kept')
  ssm.destroy()
})

test("a map with another IAM user of Snowflake changes the trust, and not Snowflake's user", async () => {
  const { arn } = await stack.identity('snowflake')
  const wrong = snowflake(ids).replace('999999999999:user/abcd-s-example', '888888888888:user/wrong')
  await stack.deploy(await writeMap(`dev:\n  callers:\n${wrong}`))
  assert.equal((await stack.identity('snowflake')).arn, arn)
  assert.match((await sql(greeting)).output, /Error assuming AWS_ROLE/)
  await stack.deploy(firstMap)
})

/** The package of the first map with its template changed. */
const changedPackage = async (change: (template: Record<string, never>) => void): Promise<string> => {
  const folder = join(await temporaryFolder(), 'package')
  await cp(await compile({ stage: 'dev', accessMap: firstMap }), folder, { recursive: true })
  const file = join(folder, 'cloudformation-template-update-stack.json')
  const template = JSON.parse(await readFile(file, 'utf8'))
  change(template)
  await writeFile(file, JSON.stringify(template))
  return folder
}

const rejections: readonly (readonly [
  what: string,
  order: () => Promise<unknown>,
  status: number,
  code: string,
  message: RegExp,
])[] = [
  [
    'no order',
    async () => 'deploy',
    400,
    'INVALID_REQUEST',
    /^The request body must be JSON: \{"packageDirectory", "accessMap"/,
  ],
  [
    'an order with more in it',
    async () => ({ packageDirectory: '/tmp', accessMap: firstMap, force: true }),
    ...([400, 'INVALID_REQUEST', /^The request body must be JSON: /] as const),
  ],
  [
    'a folder without a package',
    async () => ({ packageDirectory: await temporaryFolder(), accessMap: firstMap }),
    ...([409, 'NOT_DEPLOYED', /serverless-state\.json is not there: package the service first/] as const),
  ],
  [
    'a template that is broken off',
    async () => {
      const packageDirectory = await changedPackage(() => {})
      await writeFile(join(packageDirectory, 'cloudformation-template-update-stack.json'), '{"Resources":')
      return { packageDirectory, accessMap: firstMap }
    },
    ...([409, 'NOT_DEPLOYED', /update-stack\.json is not JSON: package the service again/] as const),
  ],
  [
    'a template with an unsupported resource',
    async () => ({
      packageDirectory: await changedPackage(({ Resources }) =>
        Object.assign(Resources ?? {}, { Queue: { Type: 'AWS::SQS::Queue' } }),
      ),
      accessMap: firstMap,
    }),
    ...([409, 'NOT_DEPLOYED', /^Resources\.Queue: the local stack does not imitate AWS::SQS::Queue$/] as const),
  ],
  [
    'a zip that is not there',
    async () => {
      const packageDirectory = await changedPackage(({ Resources }) =>
        Object.assign(Resources?.['HelloLambdaFunction']?.['Properties'] ?? {}, { Code: { S3Key: 'none.zip' } }),
      )
      return { packageDirectory, accessMap: firstMap }
    },
    ...([409, 'NOT_DEPLOYED', /none\.zip is not there/] as const),
  ],
  [
    'a faulty map, with every fault',
    async () => ({
      packageDirectory: await compile({ stage: 'dev', accessMap: firstMap }),
      accessMap: await writeMap('dev:\n  callers:\n    a: {routes: [POST /helo]}\n  colour: blue\n'),
    }),
    ...([409, 'NOT_DEPLOYED', /access\.yml:3:\d+ .*POST \/hello"\n.*access\.yml:4:3 /s] as const),
  ],
  [
    'a package of another map',
    async () => ({
      packageDirectory: await compile({ stage: 'dev', accessMap: firstMap }),
      accessMap: await writeMap(second),
    }),
    ...([
      409,
      'NOT_DEPLOYED',
      /^The package was compiled from another map than .*: package the service again\.$/,
    ] as const),
  ],
  [
    'another stage',
    async () => ({
      packageDirectory: await compile({ stage: 'stg', accessMap: serviceMap }),
      accessMap: serviceMap,
    }),
    ...([409, 'NOT_DEPLOYED', /^The stack runs stage dev, not stg\. /] as const),
  ],
  [
    'another stage than the one that is meant',
    async () => ({
      packageDirectory: await compile({ stage: 'dev', accessMap: firstMap }),
      accessMap: firstMap,
      stage: 'prod',
    }),
    ...([409, 'NOT_DEPLOYED', /^The stack runs stage dev, not prod\. /] as const),
  ],
  [
    'another region',
    async () => ({
      packageDirectory: await compile({ stage: 'dev', region: 'us-east-1', accessMap: firstMap }),
      accessMap: firstMap,
    }),
    ...([409, 'NOT_DEPLOYED', /^The stack runs region eu-central-1, not us-east-1\. /] as const),
  ],
]

for (const [what, order, status, code, message] of rejections) {
  test(`${what} is rejected, and nothing changes`, async () => {
    const [before, party] = [await stack.describe(), await stack.identity('reporting')]
    const answer = await stack.postDeploy(await order())
    const { error } = JSON.parse(answer.body)
    assert.deepEqual([answer.status, error.code], [status, code], answer.body)
    assert.match(error.message, message)
    assert.deepEqual(await stack.describe(), before)
    assert.deepEqual(await hello(party), accepted)
  })
}

test('a web page cannot deploy', async () => {
  const { status, body } = await stack.postDeploy(
    { packageDirectory: await compile({ stage: 'dev', accessMap: firstMap }), accessMap: firstMap },
    { origin: 'https://example.com' },
  )
  assert.deepEqual([status, JSON.parse(body).error.code], [403, 'NOT_LOCAL'])
})

test('the deployed template can be read', async () => {
  const { packageDirectory } = await stack.describe()
  const there = JSON.parse(await readFile(join(packageDirectory, 'cloudformation-template-update-stack.json'), 'utf8'))
  assert.deepEqual(JSON.parse((await stack.send({ method: 'GET', path: '/_snowgate/template' })).body), there)
})
