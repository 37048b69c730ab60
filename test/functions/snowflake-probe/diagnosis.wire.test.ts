import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { ServiceError } from '../../../shared/errors/index.ts'
import type { Environment } from '../../../shared/settings.ts'
import { newKeyPair, type Served, serviceUser, startServed } from '../../local/snowflake-server/served.ts'
import { keys, keyVariables, prober, roleVariables, variables } from './probing.ts'

const asRole = (served: Served) => roleVariables(served, 'probe-role')
const keyed = `CREATE USER probe TYPE = SERVICE RSA_PUBLIC_KEY = '${keys.publicBody}';`
const another = newKeyPair()

interface Case {
  readonly what: string
  readonly sql: string
  readonly env: (served: Served) => Environment
  readonly code: string
  readonly says: readonly RegExp[]
  /** Whether the statement in the message, run as it is, mends it. */
  readonly isMended: boolean
}

const cases: readonly Case[] = [
  {
    what: 'no user has the role',
    sql: '',
    env: (served) => roleVariables(served, 'snowgate-dev-snowflake-probe-function'),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isMended: true,
    says: [/No Snowflake user has this role/, /assumed-role\/snowgate-dev-snowflake-probe-function\//],
  },
  {
    what: 'the ARN of the user has the path of the role in it',
    sql: "CREATE USER probe TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/service-role/probe-role')",
    env: (served) => roleVariables(served, 'probe-role', '/service-role/'),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isMended: true,
    says: [/ARN = 'arn:aws:iam::111111111111:role\/probe-role'/],
  },
  {
    what: 'the user is disabled',
    sql: `${serviceUser('probe', 'probe-role')} ALTER USER probe SET DISABLED = TRUE;`,
    env: asRole,
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isMended: true,
    says: [/390101: User access disabled/, /ALTER USER PROBE SET DISABLED = FALSE/],
  },
  {
    what: 'the user has not the role that the map names',
    sql: `${serviceUser('probe', 'probe-role')} CREATE ROLE analyst;`,
    env: (served) => ({ ...asRole(served), SNOWFLAKE_ROLE: 'ANALYST' }),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isMended: true,
    says: [/390189/, /GRANT ROLE ANALYST TO USER PROBE/],
  },
  {
    what: 'the user has another public key',
    sql: keyed,
    env: () => keyVariables(another.privatePem),
    code: 'SNOWFLAKE_LOGIN_REFUSED',
    isMended: true,
    says: [/390144: JWT token is invalid/, /RSA_PUBLIC_KEY_2 = 'MII/],
  },
  {
    what: 'the account is not there',
    sql: keyed,
    env: () => ({ ...keyVariables(), SNOWFLAKE_ACCOUNT: 'nobody-s' }),
    code: 'SNOWFLAKE_UNUSABLE',
    isMended: false,
    says: [/No Snowflake account has this identifier/],
  },
  {
    what: 'there are no credentials of AWS',
    sql: serviceUser('probe', 'probe-role'),
    env: () => ({
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    }),
    code: 'SNOWFLAKE_IDENTITY_UNUSABLE',
    isMended: false,
    says: [/Could not load credentials from any providers/, /no AWS credentials at all/],
  },
  {
    what: 'AWS_REGION is not set',
    sql: serviceUser('probe', 'probe-role'),
    env: (served) => ({ ...asRole(served), AWS_REGION: '' }),
    code: 'SNOWFLAKE_IDENTITY_UNUSABLE',
    isMended: false,
    says: [/AWS_REGION is not set/],
  },
  {
    what: 'the host is not one of Snowflake',
    sql: serviceUser('probe', 'probe-role'),
    env: (served) => ({ ...asRole(served), SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '' }),
    code: 'SNOWFLAKE_IDENTITY_UNUSABLE',
    isMended: false,
    says: [/requires a recognized Snowflake host/],
  },
  {
    what: 'the key is encrypted, and there is no passphrase',
    sql: keyed,
    env: () =>
      keyVariables(
        keys.privateKey
          .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'opens it' })
          .toString(),
      ),
    code: 'PASSPHRASE_MISSING',
    isMended: false,
    says: [/encrypted/],
  },
]

const failureOf = async (probe: () => Promise<unknown>): Promise<ServiceError> => {
  const failure = await probe().then(
    () => assert.fail('it was to fail'),
    (thrown: unknown) => thrown,
  )
  assert.ok(failure instanceof ServiceError, String(failure))
  return failure
}

for (const { what, sql, env, code, says, isMended } of cases) {
  test(`when ${what}, the probe says so${isMended ? ', and the statement it prints mends it' : ''}`, async () => {
    await using served = await startServed({ sql })
    const probe = prober(variables(served, env(served)))
    const failure = await failureOf(probe)
    assert.equal(failure.code, code, failure.message)
    for (const words of says) assert.match(failure.message, words)
    if (!isMended) return
    const [, mend = ''] = /To mend it: (.*?)(?:, or remove .*)?$/s.exec(failure.message) ?? []
    await served.world.run(mend.replace(/^Store the private key in use, or .*?: /, ''))
    const { user } = await probe()
    assert.equal(user, 'PROBE')
  })
}

test('words of Snowflake that nobody knows are passed on as they are', async (t) => {
  const server = createServer((request, response) => {
    request.resume()
    const body = { data: null, code: '390999', message: 'The moon is in the wrong phase.', success: false }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  const env = variables({ url: `http://127.0.0.1:${port}` }, keyVariables())
  const { message, code } = await failureOf(prober(env))
  assert.equal(code, 'SNOWFLAKE_LOGIN_REFUSED')
  assert.equal(message, 'Snowflake refuses the login of the service. 390999: The moon is in the wrong phase.')
})

test('no message holds a secret', async () => {
  await using served = await startServed({ sql: keyed })
  const env = variables(served, roleVariables(served, 'probe-role'))
  const { message, cause } = await failureOf(prober(env))
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
    const secret = env[name] ?? ''
    assert.ok(secret.length > 20 && !`${message} ${(cause as Error).stack}`.includes(secret))
  }
})
