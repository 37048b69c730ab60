import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { isSnowflakePath } from '../../../../local/snowflake/server/index.ts'
import { echo, hello, integration } from '../engine-with-api.ts'
import { attest, base64 } from './attestation.ts'
import {
  accountName,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from './snowflake-test-server.ts'

const users = serviceUser('probe', 'hello-role') + serviceUser('other', 'other-role')

const tokensOf = async (server: SnowflakeTestServer, role = 'hello-role') => {
  const TOKEN = base64(attest({ key: server.roleSession(role), at: server.now() }))
  const { body } = await server.send(`/session/v1/login-request?request_id=${randomUUID()}`, {
    data: { ACCOUNT_NAME: accountName, AUTHENTICATOR: 'WORKLOAD_IDENTITY', PROVIDER: 'AWS', TOKEN },
  })
  return { token: String(body.data?.['token']), masterToken: String(body.data?.['masterToken']) }
}

interface QueryOptions {
  readonly requestId?: string
  readonly bindings?: object
  readonly asyncExec?: boolean
  readonly describeOnly?: boolean
}

const run = (
  server: SnowflakeTestServer,
  token: string,
  sqlText: string,
  { requestId = randomUUID(), ...more }: QueryOptions = {},
) => server.send(`/queries/v1/query-request?requestId=${requestId}`, { sqlText, ...more }, { token })

const renewal = (
  server: SnowflakeTestServer,
  token: string,
  body: unknown = { requestType: 'RENEW', oldSessionToken: 'x' },
) => server.send('/session/token-request', body, { token })

const heartbeat = (server: SnowflakeTestServer, token: string) =>
  server.send(`/session/heartbeat?requestId=${randomUUID()}`, '', { token })

const closedSession = {
  code: '390111',
  message: 'Session no longer exists.  New login required to access the service.',
}
const expiredSession = { code: '390112', message: 'Your session has expired. Please login again.' }
const unknownToken = { code: '390104', message: 'User must login again to access the service.' }

interface RejectedRequest {
  readonly name: string
  readonly ask: (server: SnowflakeTestServer) => ReturnType<SnowflakeTestServer['send']>
  readonly code: string
  readonly message: string | RegExp
}

const rejectedRequests: readonly RejectedRequest[] = [
  { name: 'an invented session token', ask: (server) => heartbeat(server, 'invented'), ...unknownToken },
  { name: 'no token', ask: (server) => server.send('/queries/v1/query-request?requestId=1', {}), ...unknownToken },
  {
    name: 'a master token as a session token',
    ask: async (server) => heartbeat(server, (await tokensOf(server)).masterToken),
    ...unknownToken,
  },
  {
    name: 'a session that was closed',
    ask: async (server) => {
      const { token } = await tokensOf(server)
      assert.equal((await server.send('/session?delete=true', {}, { token, gzip: true })).body.success, true)
      return run(server, token, 'SELECT 1')
    },
    ...closedSession,
  },
  ...[
    { how: 'whose user is disabled since', sql: 'ALTER USER probe SET DISABLED = TRUE' },
    { how: 'whose user is gone', sql: 'DROP USER probe' },
    { how: 'whose workload identity was taken away', sql: 'ALTER USER probe UNSET WORKLOAD_IDENTITY' },
  ].flatMap(({ how, sql }): RejectedRequest[] => [
    {
      name: `a session ${how}`,
      ask: async (server) => {
        const { token } = await tokensOf(server)
        await server.engine.run(sql)
        return run(server, token, 'SELECT 1')
      },
      ...closedSession,
    },
    {
      name: `the renewal of a session ${how}`,
      ask: async (server) => {
        const { masterToken } = await tokensOf(server)
        await server.engine.run(sql)
        return renewal(server, masterToken)
      },
      ...closedSession,
    },
  ]),
  {
    name: 'the renewal of a session that was closed',
    ask: async (server) => {
      const { token, masterToken } = await tokensOf(server)
      await server.send('/session?delete=true', '', { token })
      return renewal(server, masterToken)
    },
    ...closedSession,
  },
  {
    name: 'a session token after an hour',
    ask: async (server) => {
      const { token } = await tokensOf(server)
      server.moveClock(3_600)
      return heartbeat(server, token)
    },
    ...expiredSession,
  },
  {
    name: 'a session token that was renewed',
    ask: async (server) => {
      const { token, masterToken } = await tokensOf(server)
      await renewal(server, masterToken)
      return heartbeat(server, token)
    },
    ...expiredSession,
  },
  {
    name: 'a master token after four hours',
    ask: async (server) => {
      const { masterToken } = await tokensOf(server)
      server.moveClock(4 * 3_600)
      return renewal(server, masterToken)
    },
    code: '390114',
    message: 'Authentication token has expired.  The user must authenticate again.',
  },
  {
    name: 'an invented master token',
    ask: (server) => renewal(server, 'x'),
    code: '390113',
    message: /Text by the local stack/,
  },
  {
    name: 'a session token as a master token',
    ask: async (server) => renewal(server, (await tokensOf(server)).token),
    code: '390115',
    message: /Text by the local stack/,
  },
  {
    name: 'a token request for something else',
    ask: async (server) => renewal(server, (await tokensOf(server)).masterToken, { requestType: 'ISSUE' }),
    code: '390400',
    message: /requestType/,
  },
  {
    name: 'a query without an id',
    ask: async (server) => server.send('/queries/v1/query-request', { sqlText: 'SELECT 1' }, await tokensOf(server)),
    code: '390400',
    message: /requestId/,
  },
  {
    name: 'a query that is no JSON',
    ask: async (server) => server.send('/queries/v1/query-request?requestId=1', '{', await tokensOf(server)),
    code: '390400',
    message: /requestId/,
  },
  {
    name: 'binds of several rows',
    ask: async (server) =>
      run(server, (await tokensOf(server)).token, 'SELECT ?', { bindings: { 1: { type: 'TEXT', value: ['a', 'b'] } } }),
    code: '999999',
    message: /does not have .*several rows/,
  },
  {
    name: 'a description alone',
    ask: async (server) => run(server, (await tokensOf(server)).token, 'SELECT 1', { describeOnly: true }),
    code: '999999',
    message: /does not have .*describeOnly/,
  },
  {
    name: 'the result of a query that is not there',
    ask: async (server) =>
      server.send(`/queries/${randomUUID()}/result`, '', { ...(await tokensOf(server)), method: 'GET' }),
    code: '390400',
    message: /no such query/,
  },
  {
    name: 'the result of a query of another user',
    ask: async (server) => {
      const { body } = await run(server, (await tokensOf(server)).token, 'SELECT 1')
      const token = (await tokensOf(server, 'other-role')).token
      return server.send(`/queries/${body.data?.['queryId']}/result`, '', { token, method: 'GET' })
    },
    code: '390400',
    message: /no such query/,
  },
]

test('a request is rejected with a code in an answer of status 200', async (context) => {
  for (const { name, ask, code, message } of rejectedRequests) {
    await context.test(name, async () => {
      await using server = await startSnowflakeTestServer({ sql: users })
      const { status, contentType, body } = await ask(server)
      assert.deepEqual([status, contentType, body.success, body.code], [200, 'application/json', false, code])
      if (typeof message === 'string') assert.equal(body.message, message)
      else assert.match(body.message ?? '', message)
    })
  }
})

test('a further identity of a user that is taken away leaves the sessions of the other', async () => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const { token } = await tokensOf(server)
  await server.engine.run(
    `ALTER USER probe ADD WORKLOAD IDENTITY x TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/x'`,
  )
  const { token: further } = await tokensOf(server, 'x')
  await server.engine.run('ALTER USER probe REMOVE WORKLOAD IDENTITY x')
  assert.equal((await run(server, token, 'SELECT 1')).body.success, true)
  assert.equal((await run(server, further, 'SELECT 1')).body.code, closedSession.code)
})

test('a renewal gives a token that goes on with the session, as long as the master token is used', async () => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const { token, masterToken } = await tokensOf(server)
  await run(server, token, 'SET x = 7')
  server.moveClock(3 * 3_600)
  const { body } = await renewal(server, masterToken)
  const { sessionToken, validityInSecondsST, validityInSecondsMT } = body.data ?? {}
  assert.deepEqual([validityInSecondsST, validityInSecondsMT], [3_600, 14_400])
  server.moveClock(3_000)
  assert.equal((await heartbeat(server, String(sessionToken))).body.success, true)
  server.moveClock(3_000)
  const { body: answer } = await run(server, String(sessionToken), 'SELECT $x AS x')
  assert.deepEqual(answer.data?.['rowset'], [['7']])
})

test('the same request runs once, however often it is sent and whatever came after it', async () => {
  await using server = await startSnowflakeTestServer({ sql: users + integration + hello() })
  const { token } = await tokensOf(server)
  const requestId = randomUUID()
  const both = await Promise.all([
    run(server, token, `SELECT hello('x')`, { requestId }),
    run(server, token, `SELECT hello('x')`, { requestId }),
  ])
  await run(server, token, 'SELECT 1')
  const again = await run(server, token, `SELECT hello('x')`, { requestId })
  const ids = [...both, again].map(({ body }) => body.data?.['queryId'])
  assert.deepEqual(ids, [ids[0], ids[0], ids[0]])
  assert.equal(server.engine.received.length, 1)
  assert.equal((await run(server, token, `SELECT hello('x')`)).body.success, true)
  assert.equal(server.engine.received.length, 2)
})

test('the answer of a query has all that a driver looks for', async () => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const { token } = await tokensOf(server)
  await run(server, token, 'USE SCHEMA db.s')
  const { body } = await run(
    server,
    token,
    `SELECT current_user(), 1.50 AS n, 'x'::VARCHAR(3) AS s, '2020-01-01'::DATE AS d, '01:00'::TIME(3) AS t`,
  )
  const { parameters, queryId, sendResultTime, ...data } = body.data ?? {}
  const column = { database: '', schema: '', table: '', nullable: true, collation: null }
  const none = { length: null, byteLength: null, precision: null, scale: null }
  assert.deepEqual(data, {
    rowtype: [
      { name: 'CURRENT_USER()', ...column, ...none, type: 'text', length: 134_217_728, byteLength: 134_217_728 },
      { name: 'N', ...column, ...none, type: 'fixed', precision: 3, scale: 2 },
      { name: 'S', ...column, ...none, type: 'text', length: 3, byteLength: 12 },
      { name: 'D', ...column, ...none, type: 'date' },
      { name: 'T', ...column, ...none, type: 'time', precision: 0, scale: 3 },
    ],
    rowset: [['PROBE', '1.50', 'x', '18262', '3600.000']],
    total: 1,
    returned: 1,
    databaseProvider: null,
    finalDatabaseName: 'DB',
    finalSchemaName: 'S',
    finalWarehouseName: 'LOCAL',
    finalRoleName: 'PUBLIC',
    numberOfBinds: 0,
    arrayBindSupported: false,
    statementTypeId: 4_096,
    version: 1,
    queryResultFormat: 'json',
  })
  assert.ok(Array.isArray(parameters))
  assert.match(String(queryId), /^[\da-f]{8}-/)
  assert.equal(typeof sendResultTime, 'number')
})

const cells = [
  { sql: `'2023-11-14 22:13:20.123 +0100'::TIMESTAMP_TZ`, cell: '1699996400.123000000 1500' },
  { sql: `'1969-12-31 23:00:00.5 -0130'::TIMESTAMP_TZ(1)`, cell: '1800.5 1350' },
  { sql: `'2023-11-14 22:13:20.123456789'::TIMESTAMP_NTZ`, cell: '1700000000.123456789' },
  { sql: `'1969-12-31 23:59:59.5'::TIMESTAMP_LTZ`, cell: '-0.500000000' },
  { sql: `'2023-11-14 22:13:20.9'::TIMESTAMP_NTZ(0)`, cell: '1700000000' },
  { sql: `'1969-12-31'::DATE`, cell: '-1' },
  { sql: `'01:01:01.123'::TIME`, cell: '3661.123000000' },
  { sql: '12345678901234567890123456789012345.678', cell: '12345678901234567890123456789012345.678' },
  { sql: '-0.50', cell: '-0.50' },
  { sql: 'TRUE', cell: '1' },
  { sql: `'c0ffee'::BINARY`, cell: 'C0FFEE' },
  { sql: `PARSE_JSON('{"b":1,"a":"x"}')`, cell: '{"b":1,"a":"x"}' },
  { sql: `PARSE_JSON('"x"')`, cell: '"x"' },
  { sql: 'NULL', cell: null },
]

test('a cell is a text as drivers read it', async (context) => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const { token } = await tokensOf(server)
  for (const { sql, cell } of cells) {
    await context.test(sql, async () => {
      assert.deepEqual((await run(server, token, `SELECT ${sql} AS c`)).body.data?.['rowset'], [[cell]])
    })
  }
})

const kinds: readonly { readonly sql: string; readonly id: number }[] = [
  { sql: 'SELECT 1', id: 4_096 },
  { sql: 'USE ROLE r', id: 0x4300 },
  { sql: 'SHOW INTEGRATIONS', id: 0x4400 },
  { sql: 'DESC USER probe', id: 0x4500 },
  { sql: 'CREATE ROLE r', id: 0x6000 },
  { sql: 'ALTER USER probe SET DISABLED = FALSE', id: 0x6000 },
  { sql: 'SHOW GRANTS TO USER probe', id: 0x4400 },
  { sql: 'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER probe', id: 0x4400 },
  { sql: `CREATE NETWORK POLICY p`, id: 0x6000 },
  { sql: `ALTER ACCOUNT SET NETWORK_POLICY = p`, id: 0x6000 },
  { sql: `SHOW NETWORK POLICIES`, id: 0x4400 },
  { sql: `SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN ACCOUNT`, id: 0x4400 },
  { sql: `DESC NETWORK POLICY p`, id: 0x4500 },
]

test('an answer tells of what kind its statement was', async (context) => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const { token } = await tokensOf(server)
  for (const { sql, id } of kinds) {
    await context.test(sql, async () => {
      assert.equal((await run(server, token, sql)).body.data?.['statementTypeId'], id)
    })
  }
})

const slow = {
  sql: users + integration + hello(),
  longPollSeconds: 0.1,
  answer: async (received: Parameters<typeof echo>[0]) => {
    await setTimeout(400)
    return echo(received)
  },
}
const statusOf = async (server: SnowflakeTestServer, token: string, id: unknown) => {
  const { body } = await server.send(`/monitoring/queries/${id}`, '', { token, method: 'GET' })
  return body.data?.['queries']
}

test('a statement sent to run on its own is answered at once, watched, and fetched when it is done', async () => {
  await using server = await startSnowflakeTestServer(slow)
  const { token } = await tokensOf(server)
  const { body } = await run(server, token, `SELECT hello('x') AS said`, { asyncExec: true })
  assert.deepEqual([body.success, body.code], [true, '333334'])
  const { queryId, getResultUrl } = body.data ?? {}
  assert.equal(getResultUrl, `/queries/${queryId}/result`)
  assert.deepEqual(await statusOf(server, token, queryId), [{ id: queryId, status: 'RUNNING', errorMessage: null }])
  const early = await server.send(String(getResultUrl), '', { token, method: 'GET' })
  assert.deepEqual([early.body.success, early.body.code], [true, '333333'])
  await setTimeout(400)
  const late = await server.send(String(getResultUrl), '', { token, method: 'GET' })
  assert.deepEqual(late.body.data?.['rowset'], [['"x"']])
  assert.deepEqual(await statusOf(server, token, queryId), [{ id: queryId, status: 'SUCCESS', errorMessage: null }])
})

test('both forms of an abort end the running statement', async (context) => {
  await using server = await startSnowflakeTestServer({ ...slow, longPollSeconds: 45 })
  const { token } = await tokensOf(server)
  const requestId = randomUUID()
  const ways = [
    {
      name: 'by its request',
      abort: () => server.send('/queries/v1/abort-request?requestId=1', { requestId }, { token }),
    },
    {
      name: 'by its id',
      abort: (id: string) => server.send(`/queries/${id}/abort-request?requestId=2`, '', { token }),
    },
  ]
  for (const { name, abort } of ways) {
    await context.test(name, async () => {
      const id = name === 'by its request' ? requestId : randomUUID()
      const started = await run(server, token, `SELECT hello('x')`, { requestId: id, asyncExec: true })
      const queryId = String(started.body.data?.['queryId'])
      const waiting = server.send(`/queries/${queryId}/result`, '', { token, method: 'GET' })
      assert.equal((await abort(queryId)).body.success, true)
      const { status, body } = await waiting
      assert.deepEqual(
        [status, body.success, body.code, body.message],
        [200, false, '000604', 'SQL execution canceled'],
      )
      assert.equal(body.data?.['sqlState'], '57014')
      assert.deepEqual(await statusOf(server, token, queryId), [
        { id: queryId, status: 'ABORTED', errorMessage: 'SQL execution canceled' },
      ])
    })
  }
})

test('a failed statement has its place, its state and the id of its query', async () => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const { token } = await tokensOf(server)
  const { body } = await run(server, token, 'SELECT 1,\n FROM')
  const { queryId, ...data } = body.data ?? {}
  assert.deepEqual([body.success, body.code], [false, '001003'])
  assert.deepEqual(data, {
    internalError: false,
    errorCode: '001003',
    age: 0,
    sqlState: '42000',
    line: 2,
    pos: 1,
    type: 'COMPILATION',
  })
  assert.match(String(queryId), /^[\da-f]{8}-/)
})

const binds = [
  {
    type: 'FIXED',
    value: '12345678901234567890123456789012345678',
    cell: '12345678901234567890123456789012345678',
    is: 'fixed',
  },
  { type: 'REAL', value: '1.5', cell: '1.5', is: 'real' },
  { type: 'BOOLEAN', value: 'true', cell: '1', is: 'boolean' },
  { type: 'TEXT', value: "it's", cell: "it's", is: 'text' },
  { type: 'VARIANT', value: '{"a":[1.10]}', cell: '{"a":[1.10]}', is: 'variant' },
  { type: 'TEXT', value: null, cell: null, is: 'text' },
]

test('a bind is a value of its type and no text of the statement', async (context) => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const { token } = await tokensOf(server)
  for (const { type, value, cell, is } of binds) {
    await context.test(`${type} ${value}`, async () => {
      const { body } = await run(server, token, 'SELECT ?, :1', { bindings: { 1: { type, value } } })
      assert.deepEqual([body.message, body.data?.['rowset']], [null, [[cell, cell]]])
      assert.match(JSON.stringify(body.data?.['rowtype']), new RegExp(`"type":"${is}"`))
    })
  }
})

test('what is no path of the protocol is 404 here, and not claimed', async () => {
  await using server = await startSnowflakeTestServer()
  const { status, body } = await server.send('/queries/x/result', '', { method: 'GET' })
  assert.deepEqual([status, body.success, body.code], [404, false, '390400'])
  const claimed = ['/session', '/session/v1/login-request', '/telemetry/send', `/queries/${randomUUID()}/result`]
  const left = [
    '/',
    '/session/x',
    '/dev/session',
    '/queries/v1',
    '/api/v2/statements',
    '/sessions',
    '/queries/x/result',
  ]
  assert.deepEqual(claimed.filter(isSnowflakePath), claimed)
  assert.deepEqual(left.filter(isSnowflakePath), [])
})

test('telemetry is taken and thrown away', async () => {
  await using server = await startSnowflakeTestServer()
  const { status, body } = await server.send('/telemetry/send', { logs: [] }, { gzip: true })
  assert.deepEqual([status, body.success, body.data], [200, true, { code: null, data: 'Log Received', message: null }])
})
