import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  newKeyPair,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from '../../local/snowflake/server/snowflake-test-server.ts'
import { createProbe, keys, keyVariables, probeVariables, roleVariables } from './probe-harness.ts'

const set = `${serviceUser('probe', 'probe-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET DEFAULT_ROLE = analyst DEFAULT_WAREHOUSE = wh RSA_PUBLIC_KEY = '${keys.publicBody}';`

const logins = [
  {
    by: 'workload-identity',
    env: (server: SnowflakeTestServer) => roleVariables(server, 'probe-role'),
    identity: /^null$/,
  },
  { by: 'key-pair', env: () => keyVariables(), identity: /^PROBE with the key SHA256:[\w+/]{43}=$/ },
]

for (const { by, env, identity } of logins) {
  test(`with ${by} the probe logs in, returns its user and account, and logs out`, async () => {
    await using server = await startSnowflakeTestServer({ sql: set })
    // STS is unreachable: the result does not depend on it.
    const { milliseconds, ...result } = await createProbe(
      probeVariables(server, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', ...env(server) }),
    )()
    assert.match(String(result['identity']), identity)
    assert.deepEqual(
      { ...result, identity: '' },
      {
        user: 'PROBE',
        role: 'ANALYST',
        account: 'MYORG-MYACCOUNT',
        region: 'AWS_EU_CENTRAL_1',
        version: 'local',
        warehouse: 'WH',
        login: by,
        identity: '',
      },
    )
    const { total = 0, ...steps } = milliseconds
    assert.deepEqual(Object.keys(steps), ['credentials', 'load', 'login', 'query', 'logout'])
    assert.ok(steps['load'] && steps['login'] && total >= steps['load'] + steps['login'], JSON.stringify(milliseconds))
    // No telemetry, no heartbeat, and the session is closed.
    assert.deepEqual(server.paths, [
      'POST /session/v1/login-request',
      'POST /queries/v1/query-request',
      'POST /session',
    ])
  })
}

test('the session starts with the role and warehouse of the access map', async () => {
  await using server = await startSnowflakeTestServer({ sql: set })
  const env = probeVariables(server, { ...keyVariables(), SNOWFLAKE_ROLE: 'PUBLIC', SNOWFLAKE_WAREHOUSE: 'OTHER' })
  const { role, warehouse } = await createProbe(env)()
  assert.deepEqual([role, warehouse], ['PUBLIC', 'OTHER'])
})

test('every probe logs in again, and only the first loads the driver', async () => {
  await using server = await startSnowflakeTestServer({ sql: set })
  const probe = createProbe(probeVariables(server, keyVariables()))
  const results = [await probe(), await probe(), await probe()]
  assert.deepEqual(
    results.map(({ milliseconds }) => (milliseconds['load'] ?? 0) > 0),
    [true, false, false],
  )
  const logins = server.paths.filter((path) => path === 'POST /session/v1/login-request')
  assert.equal(logins.length, 3)
})

test('concurrent probes run one after the other, and each gets its result', async () => {
  await using server = await startSnowflakeTestServer({ sql: set })
  const probe = createProbe(probeVariables(server, keyVariables()))
  const results = await Promise.all(Array.from({ length: 8 }, () => probe()))
  assert.deepEqual(new Set(results.map(({ user }) => user)), new Set(['PROBE']))
  assert.equal(results.length, 8)
})

test('a rejected probe does not affect the others: each gets the reason', async () => {
  await using server = await startSnowflakeTestServer({ sql: set })
  const another = newKeyPair()
  const probe = createProbe(probeVariables(server, keyVariables(another.privatePem)))
  const messages = await Promise.all([1, 2, 3].map(() => probe().then(String, (error: Error) => error.message)))
  for (const message of messages) assert.match(message, /390144: JWT token is invalid/)
})
