import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newKeyPair, type Served, serviceUser, startServed } from '../../local/snowflake-server/served.ts'
import { keys, keyVariables, prober, roleVariables, variables } from './probing.ts'

const set = `${serviceUser('probe', 'probe-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET DEFAULT_ROLE = analyst DEFAULT_WAREHOUSE = wh RSA_PUBLIC_KEY = '${keys.publicBody}';`

const logins = [
  { by: 'workload-identity', env: (served: Served) => roleVariables(served, 'probe-role'), presented: /^null$/ },
  { by: 'key-pair', env: () => keyVariables(), presented: /^PROBE with the key SHA256:[\w+/]{43}=$/ },
]

for (const { by, env, presented } of logins) {
  test(`by ${by} the probe logs in, tells who and where it is, and logs out`, async () => {
    await using served = await startServed({ sql: set })
    // Nobody listens where STS is looked for: the answer does not depend on it.
    const { milliseconds, ...answer } = await prober(
      variables(served, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', ...env(served) }),
    )()
    assert.match(String(answer['presented']), presented)
    assert.deepEqual(
      { ...answer, presented: '' },
      {
        user: 'PROBE',
        role: 'ANALYST',
        account: 'MYORG-MYACCOUNT',
        region: 'AWS_EU_CENTRAL_1',
        version: 'local',
        warehouse: 'WH',
        login: by,
        presented: '',
      },
    )
    const { total = 0, ...steps } = milliseconds
    assert.deepEqual(Object.keys(steps), ['credentials', 'load', 'login', 'query', 'logout'])
    assert.ok(steps['load'] && steps['login'] && total >= steps['load'] + steps['login'], JSON.stringify(milliseconds))
    // No telemetry, no heartbeat, and the session is closed.
    assert.deepEqual(served.paths, [
      'POST /session/v1/login-request',
      'POST /queries/v1/query-request',
      'POST /session',
    ])
  })
}

test('role and warehouse of the map are what the session begins with', async () => {
  await using served = await startServed({ sql: set })
  const env = variables(served, { ...keyVariables(), SNOWFLAKE_ROLE: 'PUBLIC', SNOWFLAKE_WAREHOUSE: 'OTHER' })
  const { role, warehouse } = await prober(env)()
  assert.deepEqual([role, warehouse], ['PUBLIC', 'OTHER'])
})

test('every probe logs in anew, and only the first loads the driver', async () => {
  await using served = await startServed({ sql: set })
  const probe = prober(variables(served, keyVariables()))
  const answers = [await probe(), await probe(), await probe()]
  assert.deepEqual(
    answers.map(({ milliseconds }) => (milliseconds['load'] ?? 0) > 0),
    [true, false, false],
  )
  const logins = served.paths.filter((path) => path === 'POST /session/v1/login-request')
  assert.equal(logins.length, 3)
})

test('probes at once take turns at the driver, and each has an answer of its own', async () => {
  await using served = await startServed({ sql: set })
  const probe = prober(variables(served, keyVariables()))
  const answers = await Promise.all(Array.from({ length: 8 }, () => probe()))
  assert.deepEqual(new Set(answers.map(({ user }) => user)), new Set(['PROBE']))
  assert.equal(answers.length, 8)
})

test('a probe that is refused takes no other with it: each of them is told why', async () => {
  await using served = await startServed({ sql: set })
  const another = newKeyPair()
  const probe = prober(variables(served, keyVariables(another.privatePem)))
  const told = await Promise.all([1, 2, 3].map(() => probe().then(String, (error: Error) => error.message)))
  for (const message of told) assert.match(message, /390144: JWT token is invalid/)
})
