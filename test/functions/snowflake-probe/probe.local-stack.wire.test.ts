import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { type Credentials, type RunningStack, runningStack, sign } from '../../local/running-stack.ts'
import { newKeyPair } from '../../local/snowflake/server/snowflake-test-server.ts'

const user = 'SNOWGATE_DEV_PROBE'
const roleArn = 'arn:aws:iam::111111111111:role/snowgate-dev-snowflake-probe-function'

let stack: RunningStack
let callerRoleSession: Credentials
before(async () => {
  stack = await runningStack()
  callerRoleSession = await assumeCallerRole(stack, 'analytics')
})
after(() => stack.stop())

const assumeCallerRole = async (running: RunningStack, name: string): Promise<Credentials> => {
  const { callerRoleArn, endpoints, region, accessKeyId, secretAccessKey, sessionToken } = await running.identity(name)
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  const sts = new STSClient({ endpoint: endpoints.aws, region, credentials })
  const { Credentials: issued } = await sts.send(
    new AssumeRoleCommand({ RoleArn: callerRoleArn, RoleSessionName: 'nightly' }),
  )
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken,
  }
}

const runSql = async (running: RunningStack, sql: string): Promise<unknown> => {
  const response = await fetch(`${running.url}/_snowgate/statements`, {
    method: 'POST',
    body: JSON.stringify({ session: 'test', sql }),
  })
  const body = (await response.json()) as { failure?: unknown; results?: unknown }
  assert.equal(body.failure, undefined, JSON.stringify(body.failure))
  return body.results
}

const probe = async (running: RunningStack, keys: Credentials, path: string, rows?: unknown) => {
  const headers = rows ? { 'sf-external-function-format': 'json', 'sf-external-function-query-batch-id': '01b2:p' } : {}
  const sent = { path, body: JSON.stringify(rows ?? {}), headers }
  const { status, body } = await running.send(sign(sent, keys, running))
  return { status, value: JSON.parse(body) }
}

test('the deployed bundle fails with the statement that fixes it; after the statement the role can log in', async () => {
  const rejected = await probe(stack, callerRoleSession, '/dev/snowflake-probe')
  assert.deepEqual([rejected.status, rejected.value.error.code], [422, 'SNOWFLAKE_LOGIN_REFUSED'])
  const [, fix = ''] = /Fix: (.*)$/.exec(rejected.value.error.message) ?? []
  assert.ok(fix.includes(roleArn), fix)
  await runSql(stack, fix)
  const { status, value } = await probe(stack, callerRoleSession, '/dev/snowflake-probe')
  assert.deepEqual([status, value.user, value.login], [200, user, 'workload-identity'], JSON.stringify(value))
  assert.equal(
    value.identity,
    'arn:aws:sts::111111111111:assumed-role/snowgate-dev-snowflake-probe-function/snowgate-dev-snowflake-probe',
  )
})

test('each row gets its result, with a login of its own', async () => {
  const { status, value } = await probe(stack, callerRoleSession, '/dev/snowflake-probe', { data: [[0], [1], [2]] })
  assert.equal(status, 200)
  const results: readonly (readonly [number, { readonly user?: string }])[] = value.data
  assert.deepEqual(
    results.map(([row, result]) => [row, result.user]),
    [0, 1, 2].map((row) => [row, user]),
  )
})

test('an administrator invokes the function with a test event, and gets the same result as text', async () => {
  const { endpoints, region, accessKeyId, secretAccessKey } = await stack.identity('admin')
  const lambda = new LambdaClient({ endpoint: endpoints.aws, region, credentials: { accessKeyId, secretAccessKey } })
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: 'snowgate-dev-snowflake-probe', Payload: '{"key1":"value1"}' }),
  )
  const { statusCode, body } = JSON.parse(Payload?.transformToString() ?? '')
  assert.deepEqual([statusCode, JSON.parse(body).user], [200, user])
})

test('a poll is denied: the probe is synchronous', async () => {
  const headers = { 'sf-external-function-format': 'json', 'sf-external-function-query-batch-id': '01b2:p' }
  const { status } = await stack.send(
    sign({ method: 'GET', path: '/dev/snowflake-probe', headers }, callerRoleSession, stack),
  )
  assert.equal(status, 403) // no caller of the shipped map has the route
})

test('with a key pair the function reads its two parameters, decrypts them with the KMS key of the access map, and logs in', async (t) => {
  const keyed = await runningStack({ stage: 'keyed', accessMap: 'test/infra/template/maps.yml' })
  t.after(() => keyed.stop())
  const { endpoints, region, accessKeyId, secretAccessKey } = await keyed.identity('admin')
  const ssm = new SSMClient({ endpoint: endpoints.aws, region, credentials: { accessKeyId, secretAccessKey } })
  const { privateKey, publicBody } = newKeyPair()
  const passphrase = 'Rather-long-and-boring-42'
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString()
  const put = (name: string, Value: string) =>
    ssm.send(
      new PutParameterCommand({
        Name: `/snowgate/keyed/snowflake/${name}`,
        Value,
        Type: 'SecureString',
        Overwrite: true,
        KeyId: 'arn:aws:kms:eu-central-1:111111111111:key/0a1b2c3d-0000-4000-8000-0123456789ab',
      }),
    )
  const keys = await assumeCallerRole(keyed, 'one')

  const missing = await probe(keyed, keys, '/keyed/snowflake-probe')
  assert.deepEqual([missing.status, missing.value.error.code], [422, 'SECRET_NOT_FOUND'])
  await put('private-key', pem)
  await put('passphrase', 'another')
  const wrong = await probe(keyed, keys, '/keyed/snowflake-probe')
  assert.deepEqual([wrong.status, wrong.value.error.code], [422, 'PASSPHRASE_WRONG'])
  await put('passphrase', passphrase)
  await runSql(keyed, `CREATE USER snowgate_keyed_probe TYPE = SERVICE RSA_PUBLIC_KEY = '${publicBody}'`)
  const { status, value } = await probe(keyed, keys, '/keyed/snowflake-probe')
  assert.deepEqual([status, value.user, value.login], [200, 'SNOWGATE_KEYED_PROBE', 'key-pair'], JSON.stringify(value))
  assert.match(value.identity, /^SNOWGATE_KEYED_PROBE with the key SHA256:/)
  const everything = keyed.log.join('\n')
  for (const secret of [passphrase, pem.slice(100, 160)]) assert.ok(!everything.includes(secret))
})

test('with a web identity token the function gets one from STS, and logs in after its user has the issuer', async (t) => {
  const tokened = await runningStack({ stage: 'tokened', accessMap: 'test/infra/template/maps.yml' })
  t.after(() => tokened.stop())
  const keys = await assumeCallerRole(tokened, 'one')
  await runSql(tokened, 'CREATE USER snowgate_tokened_probe TYPE = SERVICE')
  const rejected = await probe(tokened, keys, '/tokened/snowflake-probe')
  assert.deepEqual([rejected.status, rejected.value.error.code], [422, 'SNOWFLAKE_LOGIN_REFUSED'])
  const { message } = rejected.value.error
  assert.ok(!message.includes('eyJ'), message)
  const [, fix = ''] = /Fix: (.*)$/.exec(message) ?? []
  await runSql(tokened, fix.replace('<issuer>', await issuerOf(tokened)))
  const { status, value } = await probe(tokened, keys, '/tokened/snowflake-probe')
  assert.deepEqual([status, value.user], [200, 'SNOWGATE_TOKENED_PROBE'], JSON.stringify(value))
})

/** The issuer of every token of the account, as `aws iam get-outbound-web-identity-federation-info` shows it. */
const issuerOf = async (running: RunningStack): Promise<string> => {
  const { endpoints, region, accessKeyId, secretAccessKey } = await running.identity('admin')
  const sts = new STSClient({ endpoint: endpoints.aws, region, credentials: { accessKeyId, secretAccessKey } })
  const { WebIdentityToken = '' } = await sts.send(
    new GetWebIdentityTokenCommand({ Audience: ['any'], SigningAlgorithm: 'ES384' }),
  )
  return JSON.parse(Buffer.from(WebIdentityToken.split('.')[1] ?? '', 'base64url').toString()).iss
}
