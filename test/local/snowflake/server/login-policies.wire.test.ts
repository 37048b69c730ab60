import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base64 } from './attestation.ts'
import { keyPairLogin, keyPairToken, logIn, signedAttestation, startWithUsers, workloadLogin } from './login-tokens.ts'

const notAllowed =
  'Incoming request with IP/Token 127.0.0.1 is not allowed to access Snowflake. Contact your account administrator.'
const rejected = 'Authentication attempt rejected by the current authentication policy.'
const [home, away] = [`ALLOWED_IP_LIST = ('127.0.0.0/8')`, `ALLOWED_IP_LIST = ('192.0.2.0/24', '198.51.100.7')`]
const network = (lists: string, of: string) => `CREATE NETWORK POLICY p ${lists}; ALTER ${of} SET NETWORK_POLICY = p;`
const authentication = (settings: string, of: string) =>
  `CREATE AUTHENTICATION POLICY a ${settings}; ALTER ${of} SET AUTHENTICATION POLICY a;`
const accounts = (lists: string) => `WORKLOAD_IDENTITY_POLICY = (${lists})`

/** What a login by workload identity, and one by key pair, comes to under policies: the message, or null where it is let in. */
const underPolicies: readonly {
  readonly name: string
  readonly sql: string
  readonly workload: readonly [code: string, message: string] | null
  readonly keyPair: readonly [code: string, message: string] | null
}[] = [
  { name: 'an account that lets this address in', sql: network(home, 'ACCOUNT'), workload: null, keyPair: null },
  {
    name: 'an account that does not',
    sql: network(away, 'ACCOUNT'),
    workload: ['390422', notAllowed],
    keyPair: ['390422', notAllowed],
  },
  { name: 'a user that does not', sql: network(away, 'USER probe'), workload: ['390422', notAllowed], keyPair: null },
  {
    name: 'an address that is both allowed and blocked',
    sql: network(`${home} BLOCKED_IP_LIST = ('127.0.0.1')`, 'USER keys'),
    workload: null,
    keyPair: ['390422', notAllowed],
  },
  {
    name: 'blocked addresses alone, of which this is none',
    sql: network(`BLOCKED_IP_LIST = ('127.0.0.2')`, 'ACCOUNT'),
    workload: null,
    keyPair: null,
  },
  {
    name: 'a user whose policy goes before that of its account',
    sql: `${network(away, 'ACCOUNT')} CREATE NETWORK POLICY q ${home}; ALTER USER probe SET NETWORK_POLICY = q`,
    workload: null,
    keyPair: ['390422', notAllowed],
  },
  {
    name: 'workload identities alone',
    sql: authentication(`AUTHENTICATION_METHODS = ('WORKLOAD_IDENTITY')`, 'ACCOUNT'),
    workload: null,
    keyPair: ['390202', rejected],
  },
  {
    name: 'key pairs and passwords',
    sql: authentication(`AUTHENTICATION_METHODS = ('KEYPAIR', 'PASSWORD')`, 'ACCOUNT'),
    workload: ['390202', rejected],
    keyPair: null,
  },
  {
    name: 'neither for one user',
    sql: authentication(`AUTHENTICATION_METHODS = ('OAUTH')`, 'USER keys'),
    workload: null,
    keyPair: ['390202', rejected],
  },
  {
    name: 'the account of AWS',
    sql: authentication(accounts(`ALLOWED_PROVIDERS = (AWS) ALLOWED_AWS_ACCOUNTS = ('111111111111')`), 'ACCOUNT'),
    workload: null,
    keyPair: null,
  },
  {
    name: 'another account of AWS',
    sql: authentication(accounts(`ALLOWED_AWS_ACCOUNTS = ('222222222222')`), 'ACCOUNT'),
    workload: ['390202', rejected],
    keyPair: null,
  },
  {
    name: 'another cloud',
    sql: authentication(accounts('ALLOWED_PROVIDERS = (AZURE, GCP)'), 'ACCOUNT'),
    workload: ['390202', rejected],
    keyPair: null,
  },
  {
    name: 'another partition',
    sql: authentication(accounts(`ALLOWED_AWS_PARTITIONS = ('aws-cn')`), 'ACCOUNT'),
    workload: ['390202', rejected],
    keyPair: null,
  },
]

test('policies decide of a login whose user is known, that of the user before that of its account', async (context) => {
  for (const { name, sql, workload, keyPair } of underPolicies) {
    await context.test(name, async () => {
      await using server = await startWithUsers()
      await server.engine.run(sql)
      const outcome = async (data: Readonly<Record<string, unknown>>) => {
        const { status, body } = await logIn(server, data)
        assert.equal(status, 200)
        return body.success ? null : [body.code, body.message]
      }
      assert.deepEqual(await outcome(workloadLogin(base64(signedAttestation(server)))), workload)
      assert.deepEqual(await outcome(keyPairLogin(keyPairToken(server))), keyPair)
    })
  }
})

test('a policy that rejects is named by what the log tells to do', async () => {
  await using server = await startWithUsers()
  await server.engine.run(network(away, 'USER probe'))
  await logIn(server, workloadLogin(base64(signedAttestation(server))))
  const rejected = server.entries.at(-1)
  assert.match(JSON.stringify(rejected?.steps), /network policy in effect for user PROBE does not admit 127\.0\.0\.1/)
  assert.match(rejected?.fix ?? '', /SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER PROBE/)
})
