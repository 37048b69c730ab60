import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { propertyRuns } from '../../../property-runs.ts'
import { attest, base64, jwt } from './attestation.ts'
import {
  accountName,
  newKeyPair,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from './snowflake-test-server.ts'

const keys = newKeyPair()
let server: SnowflakeTestServer
before(async () => {
  server = await startSnowflakeTestServer({
    sql: `${serviceUser('probe', 'hello-role')} CREATE USER keys TYPE = SERVICE RSA_PUBLIC_KEY = '${keys.publicBody}';`,
  })
})
after(() => server[Symbol.asyncDispose]())

/** Whatever is sent: a response in the protocol's format, and no login. */
const assertRejected = async (body: unknown, path = `/session/v1/login-request?requestId=${randomUUID()}`) => {
  const { status, contentType, body: answer } = await server.send(path, body)
  assert.ok(status === 200 || status === 403 || status === 404, String(status))
  assert.equal(contentType, 'application/json')
  assert.equal(answer.success, false)
  assert.match(answer.code ?? '', /^\d{6}$/)
  assert.ok(answer.message)
  assert.equal(answer.data, null)
}

const login = (more: object) => ({ data: { ACCOUNT_NAME: accountName, ...more } })

test('no body logs anybody in', async () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.json().map((value) => `{"data":${value}}`),
  )
  await fc.assert(
    fc.asyncProperty(anything, (body) => assertRejected(body)),
    { numRuns: propertyRuns(300) },
  )
})

test('no login of invented members logs anybody in', async () => {
  const value = fc.oneof(
    fc.string(),
    fc.constant(null),
    fc.jsonValue(),
    fc.constantFrom('AWS', 'PROBE', 'KEYS', 'a.b.c'),
  )
  const authenticator = fc.constantFrom(
    'WORKLOAD_IDENTITY',
    'SNOWFLAKE_JWT',
    'SNOWFLAKE',
    'OAUTH',
    'workload_identity',
    '',
  )
  const members = fc.record(
    {
      LOGIN_NAME: value,
      TOKEN: value,
      PROVIDER: value,
      PASSWORD: value,
      CLIENT_APP_ID: value,
      CLIENT_APP_VERSION: value,
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(authenticator, members, (AUTHENTICATOR, more) =>
      assertRejected(login({ AUTHENTICATOR, ...more })),
    ),
    { numRuns: propertyRuns(500) },
  )
})

test('an attestation with one character changed is rejected', async () => {
  const good = () => JSON.stringify(attest({ key: server.roleSession('hello-role'), at: server.now() }))
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }), async (location, instead) => {
      const text = good()
      const at = location % text.length
      const changed = text.slice(0, at) + instead + text.slice(at + 1)
      // A change of case in a header's name, and white space between members, are the same attestation.
      fc.pre(changed.toLowerCase() !== text.toLowerCase() && !/^\s$/.test(instead))
      await assertRejected(
        login({ AUTHENTICATOR: 'WORKLOAD_IDENTITY', PROVIDER: 'AWS', TOKEN: Buffer.from(changed).toString('base64') }),
      )
    }),
    { numRuns: propertyRuns(500) },
  )
})

test('an attestation with an invented member is rejected', async () => {
  const names = fc.constantFrom('host', 'x-snowflake-audience', 'x-amz-date', 'x-amz-security-token', 'authorization')
  await fc.assert(
    fc.asyncProperty(names, fc.string({ unit: 'binary' }), fc.boolean(), async (name, value, dropped) => {
      const { headers, ...rest } = attest({ key: server.roleSession('hello-role'), at: server.now() })
      const changed = Object.entries({ ...headers, [name]: value }).filter(([one]) => !(dropped && one === name))
      const TOKEN = base64({ ...rest, headers: Object.fromEntries(changed) })
      await assertRejected(login({ AUTHENTICATOR: 'WORKLOAD_IDENTITY', PROVIDER: 'AWS', TOKEN }))
    }),
    { numRuns: propertyRuns(300) },
  )
})

test('a token with invented claims, or of another key, is rejected', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const claims = fc.record(
    {
      iss: fc.oneof(fc.jsonValue(), fc.constant(`${accountName}.KEYS.SHA256:${'A'.repeat(43)}=`)),
      sub: fc.oneof(fc.jsonValue(), fc.constant(`${accountName}.KEYS`)),
      iat: fc.oneof(fc.jsonValue(), fc.double(), fc.constant(Math.floor(Date.now() / 1_000))),
      exp: fc.oneof(fc.jsonValue(), fc.double(), fc.constant(Math.floor(Date.now() / 1_000) + 60)),
    },
    { requiredKeys: [] },
  )
  const header = fc.oneof(fc.constant({ alg: 'RS256' }), fc.jsonValue())
  const authenticator = fc.constantFrom('SNOWFLAKE_JWT', 'WORKLOAD_IDENTITY')
  await fc.assert(
    fc.asyncProperty(header, claims, authenticator, fc.boolean(), (head, claimed, AUTHENTICATOR, isOwnKey) =>
      assertRejected(
        login({ AUTHENTICATOR, PROVIDER: 'AWS', TOKEN: jwt(head, claimed, isOwnKey ? keys.privateKey : privateKey) }),
      ),
    ),
    { numRuns: propertyRuns(300) },
  )
})

test('no token and no body makes another path do anything', async () => {
  const paths = fc.constantFrom(
    '/session/token-request',
    '/session/heartbeat',
    '/session?delete=true',
    '/queries/v1/query-request?requestId=1',
    '/queries/v1/abort-request',
    `/queries/${randomUUID()}/abort-request`,
    '/session/v1/login-request',
  )
  await fc.assert(
    fc.asyncProperty(paths, fc.json(), (path, body) => assertRejected(body, path)),
    { numRuns: propertyRuns(300) },
  )
})
