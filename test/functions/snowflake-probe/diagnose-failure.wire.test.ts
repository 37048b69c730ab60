import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Environment } from '../../../shared/aws/lambda-environment.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import {
  newKeyPair,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from '../../local/snowflake/server/snowflake-test-server.ts'
import { createProbe, keys, keyVariables, probeVariables, roleVariables } from './probe-harness.ts'

const asRole = (served: SnowflakeTestServer) => roleVariables(served, 'probe-role')
const keyPairUser = `CREATE USER probe TYPE = SERVICE RSA_PUBLIC_KEY = '${keys.publicBody}';`
const another = newKeyPair()

interface Case {
  readonly fault: string
  readonly sql: string
  readonly env: (served: SnowflakeTestServer) => Environment
  readonly code: string
  readonly messages: readonly RegExp[]
  /** Whether running the statement of the message unchanged fixes it. */
  readonly isFixed: boolean
}

const cases: readonly Case[] = [
  {
    fault: 'no user has the role',
    sql: '',
    env: (served) => roleVariables(served, 'snowgate-dev-snowflake-probe-function'),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isFixed: true,
    messages: [/No Snowflake user has this role/, /assumed-role\/snowgate-dev-snowflake-probe-function\//],
  },
  {
    fault: 'the ARN of the user contains the path of the role',
    sql: "CREATE USER probe TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/service-role/probe-role')",
    env: (served) => roleVariables(served, 'probe-role', '/service-role/'),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isFixed: true,
    messages: [/ARN = 'arn:aws:iam::111111111111:role\/probe-role'/],
  },
  {
    fault: 'the user is disabled',
    sql: `${serviceUser('probe', 'probe-role')} ALTER USER probe SET DISABLED = TRUE;`,
    env: asRole,
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isFixed: true,
    messages: [/390101: User access disabled/, /ALTER USER PROBE SET DISABLED = FALSE/],
  },
  {
    fault: 'the user does not have the role of the access map',
    sql: `${serviceUser('probe', 'probe-role')} CREATE ROLE analyst;`,
    env: (served) => ({ ...asRole(served), SNOWFLAKE_ROLE: 'ANALYST' }),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isFixed: true,
    messages: [/390189/, /GRANT ROLE ANALYST TO USER PROBE/],
  },
  {
    fault: 'the user has another public key',
    sql: keyPairUser,
    env: () => keyVariables(another.privatePem),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isFixed: true,
    messages: [/390144: JWT token is invalid/, /RSA_PUBLIC_KEY_2 = 'MII/],
  },
  {
    fault: 'the account does not exist',
    sql: keyPairUser,
    env: () => ({ ...keyVariables(), SNOWFLAKE_ACCOUNT: 'missing-account' }),
    code: 'SNOWFLAKE_UNUSABLE',
    isFixed: false,
    messages: [/No Snowflake account has this identifier/],
  },
  {
    fault: 'there are no AWS credentials',
    sql: serviceUser('probe', 'probe-role'),
    env: () => ({
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    }),
    code: 'SNOWFLAKE_IDENTITY_UNUSABLE',
    isFixed: false,
    messages: [/Could not load credentials from any providers/, /no AWS credentials at all/],
  },
  {
    fault: 'AWS_REGION is not set',
    sql: serviceUser('probe', 'probe-role'),
    env: (served) => ({ ...asRole(served), AWS_REGION: '' }),
    code: 'SNOWFLAKE_IDENTITY_UNUSABLE',
    isFixed: false,
    messages: [/AWS_REGION is not set/],
  },
  {
    fault: 'the host is not a Snowflake host',
    sql: serviceUser('probe', 'probe-role'),
    env: (served) => ({ ...asRole(served), SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '' }),
    code: 'SNOWFLAKE_IDENTITY_UNUSABLE',
    isFixed: false,
    messages: [/requires a recognized Snowflake host/],
  },
  {
    fault: 'the key is encrypted, and there is no passphrase',
    sql: keyPairUser,
    env: () =>
      keyVariables(
        keys.privateKey
          .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'opens it' })
          .toString(),
      ),
    code: 'PASSPHRASE_MISSING',
    isFixed: false,
    messages: [/encrypted/],
  },
]

const failureOf = async (probe: () => Promise<unknown>): Promise<ServiceError> => {
  const failure = await probe().then(
    () => assert.fail('the probe must fail'),
    (thrown: unknown) => thrown,
  )
  assert.ok(failure instanceof ServiceError, String(failure))
  return failure
}

for (const { fault, sql, env, code, messages, isFixed } of cases) {
  test(`when ${fault}, the probe reports it${isFixed ? ', and the printed statement fixes it' : ''}`, async () => {
    await using served = await startSnowflakeTestServer({ sql })
    const probe = createProbe(probeVariables(served, env(served)))
    const failure = await failureOf(probe)
    assert.equal(failure.code, code, failure.message)
    for (const message of messages) assert.match(failure.message, message)
    if (!isFixed) return
    const [, fix = ''] = /Fix: (.*?)(?:, or remove .*)?$/s.exec(failure.message) ?? []
    await served.engine.run(fix.replace(/^Store the private key in use, or .*?: /, ''))
    const { user } = await probe()
    assert.equal(user, 'PROBE')
  })
}

test('an unknown message of Snowflake is passed on unchanged', async (t) => {
  const server = createServer((request, response) => {
    request.resume()
    const body = { data: null, code: '390999', message: 'The moon is in the wrong phase.', success: false }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  const env = probeVariables({ url: `http://127.0.0.1:${port}` }, keyVariables())
  const { message, code } = await failureOf(createProbe(env))
  assert.equal(code, 'SNOWFLAKE_LOGIN_REFUSED')
  assert.equal(message, 'Snowflake rejects the service’s login. 390999: The moon is in the wrong phase.')
})

test('no message contains a secret', async () => {
  await using served = await startSnowflakeTestServer({ sql: keyPairUser })
  const env = probeVariables(served, roleVariables(served, 'probe-role'))
  const { message, cause } = await failureOf(createProbe(env))
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
    const secret = env[name] ?? ''
    assert.ok(secret.length > 20 && !`${message} ${(cause as Error).stack}`.includes(secret))
  }
})
