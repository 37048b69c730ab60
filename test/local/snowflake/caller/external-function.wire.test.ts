import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { SnowflakeError } from '../../../../local/snowflake/engine/snowflake-error.ts'
import {
  type ApiRequest,
  type ApiResponse,
  apiUrl,
  echo,
  externalId,
  hello,
  integration,
  roleArn,
  startEngineWithApi,
} from '../engine-with-api.ts'

const aliceAndBob = `SELECT hello(name) FROM (VALUES ('Alice'),('Bob')) AS t(name)`
const greeting = ({ text }: ApiRequest): ApiResponse => ({
  body: JSON.stringify({
    data: JSON.parse(text).data.map(([number, name]: [number, string]) => [number, `Hello, ${name}`]),
  }),
})

test('the greeting of two names is one POST signed by the caller role, and two rows', async () => {
  await using engine = await startEngineWithApi({ answer: greeting })
  await engine.run(integration + hello())
  const [result] = await engine.run(aliceAndBob)
  assert.deepEqual(result?.columns, [{ name: 'HELLO(NAME)', type: 'VARIANT' }])
  assert.deepEqual(result?.rows, [['"Hello, Alice"'], ['"Hello, Bob"']])

  assert.equal(engine.assumptions.length, 1)
  const { RoleArn, ExternalId, RoleSessionName } = Object.fromEntries(engine.assumptions[0] ?? [])
  assert.deepEqual([RoleArn, ExternalId, RoleSessionName], [roleArn, externalId(1), 'snowflake'])

  const [request] = engine.received
  assert.equal(engine.received.length, 1)
  assert.deepEqual([request?.method, request?.path, request?.rejection], ['POST', '/dev/hello', undefined])
  assert.match(request?.keyOwner ?? '', /^session/)
  assert.deepEqual(JSON.parse(request?.text ?? ''), {
    data: [
      [0, 'Alice'],
      [1, 'Bob'],
    ],
  })
  assert.deepEqual([...(request?.body.subarray(0, 2) ?? [])], [0x1f, 0x8b])
})

test('every documented header is sent and signed', async () => {
  await using engine = await startEngineWithApi({ answer: () => data([[0, 'x']]) })
  const rest = `HEADERS = ('service-version' = '1', 'on-error' = 'fail') CONTEXT_HEADERS = (current_user, current_statement)`
  await engine.run(`${integration}${hello(rest, '("näme" VARCHAR, n INTEGER) RETURNS VARCHAR')}`)
  const sql = `SELECT hello('ö', 1)`
  const [result] = await engine.run(sql)
  const [request] = engine.received
  const headers = request?.headers ?? {}
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const expected = {
    'sf-external-function-format': 'json',
    'sf-external-function-format-version': '1.0',
    'sf-external-function-current-query-id': result?.queryId,
    'sf-external-function-name': 'HELLO',
    'sf-external-function-name-base64': base64('HELLO'),
    'sf-external-function-signature': '(n me VARCHAR, N NUMBER)',
    'sf-external-function-signature-base64': base64('(näme VARCHAR, N NUMBER)'),
    'sf-external-function-return-type': 'VARCHAR(134217728)',
    'sf-external-function-return-type-base64': base64('VARCHAR(134217728)'),
    'sf-custom-service-version': '1',
    'sf-custom-on-error': 'fail',
    'sf-context-current-user': 'ALICE',
    'sf-context-current-user-base64': base64('ALICE'),
    'sf-context-current-statement': `SELECT hello(' ', 1)`,
    'sf-context-current-statement-base64': base64(sql),
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'accept-encoding': 'gzip',
    accept: '*/*',
    'user-agent': 'snowflake/1.0',
    'x-amz-content-sha256': createHash('sha256')
      .update(request?.body ?? '')
      .digest('hex'),
  }
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, headers[name]])), expected)
  assert.ok(headers['sf-external-function-query-batch-id'])
  assert.equal(request?.rejection, undefined)
  for (const name of Object.keys(expected).filter((one) => one.startsWith('sf-'))) {
    assert.ok(request?.signedHeaders.includes(name), name)
  }
})

const serializedValues: readonly {
  readonly type: string
  readonly sql: string
  readonly json: string
  readonly back: string | null
}[] = [
  {
    type: 'NUMBER',
    sql: '12345678901234567890123456789012345678',
    json: '12345678901234567890123456789012345678',
    back: '12345678901234567890123456789012345678',
  },
  { type: 'NUMBER(38,10)', sql: '-0.1', json: '-0.1000000000', back: '-0.1000000000' },
  { type: 'FLOAT', sql: '1.5e3', json: '1500', back: '1500' },
  { type: 'BOOLEAN', sql: 'TRUE', json: 'true', back: 'true' },
  { type: 'VARCHAR', sql: `'O''Hara "\\n" ☃'`, json: String.raw`"O'Hara \"\n\" ☃"`, back: `O'Hara "\n" ☃` },
  { type: 'VARCHAR', sql: `''`, json: '""', back: '' },
  { type: 'VARCHAR', sql: 'NULL', json: 'null', back: null },
  { type: 'BINARY', sql: `'00ff'::BINARY`, json: '"00FF"', back: '00FF' },
  { type: 'DATE', sql: `'2026-02-28'::DATE`, json: '"2026-02-28"', back: '2026-02-28' },
  { type: 'TIME', sql: `'16:00:01.5'::TIME`, json: '"16:00:01"', back: '16:00:01' },
  {
    type: 'TIMESTAMP_NTZ',
    sql: `'2026-02-28 16:00:01.123456'`,
    json: '"2026-02-28 16:00:01.123"',
    back: '2026-02-28 16:00:01.123',
  },
  {
    type: 'TIMESTAMP_TZ',
    sql: `'2026-02-28T16:00:01-08:00'`,
    json: '"2026-02-28 16:00:01.000 -0800"',
    back: '2026-02-28 16:00:01.000 -0800',
  },
  {
    type: 'VARIANT',
    sql: `PARSE_JSON('{"a": [1, null, 12345678901234567890.12]}')`,
    json: '{"a":[1,null,12345678901234567890.12]}',
    back: '{"a":[1,null,12345678901234567890.12]}',
  },
  { type: 'OBJECT', sql: `OBJECT_CONSTRUCT('k', 'v')`, json: '{"k":"v"}', back: '{"k":"v"}' },
  { type: 'ARRAY', sql: `ARRAY_CONSTRUCT(1, 'x', NULL)`, json: '[1,"x",null]', back: '[1,"x",null]' },
]

test('a value of each type goes out and comes back with nothing lost that JSON can carry', async (context) => {
  for (const { type, sql, json, back } of serializedValues) {
    await context.test(`${type} ${sql}`, async () => {
      await using engine = await startEngineWithApi()
      await engine.run(integration + hello('', `(x ${type}) RETURNS ${type}`))
      assert.deepEqual(await engine.rows(`SELECT hello(${sql})`), [[back]])
      assert.equal(engine.received[0]?.text.replaceAll('\n', ''), `{"data":[[0,${json}]]}`)
    })
  }
})

test('MAX_BATCH_ROWS caps a batch, rows are numbered anew in each, and results keep the order of the rows', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(integration + hello('MAX_BATCH_ROWS = 100', '(n NUMBER) RETURNS NUMBER'))
  const rows = await engine.rows('SELECT SEQ4(), hello(SEQ4()) FROM TABLE(GENERATOR(ROWCOUNT => 1050))')
  assert.equal(engine.received.length, 11)
  assert.ok(rows.every(([sent, back]) => sent === back))
  const ids = engine.received.map(({ headers }) => headers['sf-external-function-query-batch-id'])
  assert.equal(new Set(ids).size, 11)
  assert.equal(new Set(engine.received.map(({ headers }) => headers['sf-external-function-current-query-id'])).size, 1)
  for (const { text } of engine.received) {
    const { data } = JSON.parse(text)
    assert.deepEqual(
      data.map(([number]: [number]) => number),
      data.map((_: unknown, index: number) => index),
    )
  }
})

test('two calls in one query, one of them inside the other, have batches of their own', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(integration + hello('', '(n VARCHAR) RETURNS VARCHAR'))
  assert.deepEqual(await engine.rows(`SELECT UPPER(hello(hello('a') || 'b'))`), [['AB']])
  const [first, second] = engine.received.map(({ headers }) => headers['sf-external-function-query-batch-id'])
  assert.notEqual(first, second)
})

test('a STRICT function is not asked about rows with a NULL; any other is', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(integration + hello('STRICT', '(n VARCHAR) RETURNS VARCHAR'))
  const values = `(VALUES ('a'), (NULL), ('b')) AS t(n)`
  assert.deepEqual(await engine.rows(`SELECT hello(n) FROM ${values}`), [['a'], [null], ['b']])
  assert.deepEqual(JSON.parse(engine.received[0]?.text ?? '').data, [
    [0, 'a'],
    [1, 'b'],
  ])
  await engine.run(hello('CALLED ON NULL INPUT', '(n VARCHAR) RETURNS VARCHAR').replace('CREATE', 'CREATE OR REPLACE'))
  assert.deepEqual(await engine.rows(`SELECT hello(n) FROM ${values}`), [['a'], [null], ['b']])
  assert.equal(JSON.parse(engine.received[1]?.text ?? '').data.length, 3)
})

const compressions = [
  { compression: 'NONE', encoding: undefined, answered: (body: string) => ({ body }) },
  {
    compression: 'GZIP',
    encoding: 'gzip',
    answered: (body: string) => ({ body: gzipSync(body), headers: { 'content-encoding': 'gzip' } }),
  },
  {
    compression: 'DEFLATE',
    encoding: 'deflate',
    answered: (body: string) => ({ body: deflateSync(body), headers: { 'content-encoding': 'deflate' } }),
  },
]

test('COMPRESSION says how the body is packed, and a packed answer is unpacked', async (context) => {
  for (const { compression, encoding, answered } of compressions) {
    await context.test(compression, async () => {
      await using engine = await startEngineWithApi({ answer: (received) => answered(String(echo(received).body)) })
      await engine.run(integration + hello(`COMPRESSION = ${compression}`))
      assert.deepEqual(await engine.rows(`SELECT hello('x')`), [['"x"']])
      const { headers } = engine.received[0] ?? {}
      assert.deepEqual([headers?.['content-encoding'], headers?.['accept-encoding']], [encoding, encoding])
    })
  }
})

test('429, every 5xx and a broken connection are tried again with the same batch id and more and more patience', async () => {
  const failures: ApiResponse[] = [{ status: 429 }, { status: 500 }, { status: 503, body: '{}' }, { hangUp: true }]
  await using engine = await startEngineWithApi({ answer: (received, before) => failures[before] ?? echo(received) })
  await engine.run(integration + hello())
  assert.deepEqual(await engine.rows(`SELECT hello('x')`), [['"x"']])
  assert.equal(engine.received.length, 5)
  assert.equal(new Set(engine.received.map(({ headers }) => headers['sf-external-function-query-batch-id'])).size, 1)
  assert.ok(engine.received.every(({ method, rejection }) => method === 'POST' && rejection === undefined))
  assert.equal(engine.slept.length, 4)
  assert.ok(engine.slept.every((delay, index) => delay > (engine.slept[index - 1] ?? 0)))
})

test('202 is followed by GETs with the headers of the POST and the same batch id until there is an answer', async () => {
  let posted = ''
  await using engine = await startEngineWithApi({
    answer: (received, before) => {
      if (received.method === 'POST') posted = received.text
      if (before === 3) return { status: 500 }
      return before < 5 ? { status: 202 } : echo({ ...received, text: posted })
    },
  })
  await engine.run(integration + hello(`HEADERS = ('on-error' = 'fail')`))
  assert.deepEqual(await engine.rows(`SELECT hello('x')`), [['"x"']])
  assert.deepEqual(
    engine.received.map(({ method }) => method),
    ['POST', 'GET', 'GET', 'GET', 'GET', 'GET'],
  )
  assert.ok(engine.received.every(({ rejection }) => rejection === undefined))
  const [post, ...gets] = engine.received
  for (const { headers, body } of gets) {
    assert.equal(body.length, 0)
    for (const [name, value] of Object.entries(post?.headers ?? {})) {
      if (name.startsWith('sf-')) assert.equal(headers[name], value, name)
    }
  }
})

test('an asynchronous batch has 10 minutes', async () => {
  await using engine = await startEngineWithApi({ answer: () => ({ status: 202 }) })
  await engine.run(integration + hello())
  const before = engine.now().getTime()
  await assert.rejects(engine.run(`SELECT hello('x')`), /HELLO.*10 minutes/)
  const passed = engine.now().getTime() - before
  assert.ok(passed <= 600_000 && passed > 580_000, String(passed))
})

test('a service that never recovers ends the query with its last answer', async () => {
  await using engine = await startEngineWithApi({ answer: () => ({ status: 503, body: '{"error":{"code":"BUSY"}}' }) })
  await engine.run(integration + hello())
  await assert.rejects(engine.run(`SELECT hello('x')`), ({ code, message }: SnowflakeError) => {
    assert.equal(code, '100351')
    assert.match(message, /with remote service error: 503 '\{"error":\{"code":"BUSY"\}\}'$/)
    return true
  })
})

const data = (rows: unknown) => ({ body: JSON.stringify({ data: rows }) })
const rejectedResponses: readonly {
  readonly title: string
  readonly answer: ApiResponse
  readonly code?: string
  readonly message: RegExp
}[] = [
  {
    title: 'another status fails at once',
    answer: { status: 400, body: '{"message":"no"}' },
    code: '100351',
    message: /^Request failed for external function HELLO with remote service error: 400 '\{"message":"no"\}'$/,
  },
  {
    title: 'a rejection of IAM is shown',
    answer: { status: 403, body: '{"Message":"User: anonymous"}' },
    code: '100351',
    message: /403 '\{"Message":"User: anonymous"\}'$/,
  },
  {
    title: 'a redirect is not followed',
    answer: { status: 302, headers: { location: '/' } },
    code: '100351',
    message: /302/,
  },
  {
    title: 'no JSON',
    answer: { body: 'Hello' },
    message:
      /Error parsing JSON response for external function HELLO.*Error: top-level JSON object must contain "data" JSON array element$/,
  },
  { title: 'no data', answer: { body: '{"rows":[]}' }, message: /must contain "data" JSON array element$/ },
  { title: 'data that is no array', answer: data('x'), message: /must contain "data" JSON array element$/ },
  { title: 'a row that is no array', answer: data([0, 1]), message: /Error parsing JSON: Invalid response/ },
  {
    title: 'a row with two values',
    answer: data([
      [0, 'a', 'b'],
      [1, 'c'],
    ]),
    message: /Error parsing JSON: Invalid response/,
  },
  { title: 'a row too few', answer: data([[0, 'a']]), message: /wrong number of rows/ },
  {
    title: 'a row too many',
    answer: data([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]),
    message: /wrong number of rows/,
  },
  {
    title: 'rows in another order',
    answer: data([
      [1, 'a'],
      [0, 'b'],
    ]),
    message: /Row numbers out of order/,
  },
  {
    title: 'rows numbered from 1',
    answer: data([
      [1, 'a'],
      [2, 'b'],
    ]),
    message: /Row numbers out of order/,
  },
  {
    title: 'row numbers as text',
    answer: data([
      ['0', 'a'],
      ['1', 'b'],
    ]),
    message: /Row numbers out of order/,
  },
  {
    title: 'a false checksum',
    answer: {
      ...data([
        [0, 'a'],
        [1, 'b'],
      ]),
      headers: { 'content-md5': 'bm8=' },
    },
    message: /Content-MD5/,
  },
  {
    title: 'more than 10 MB',
    answer: data([
      [0, 'x'.repeat(11_000_000)],
      [1, ''],
    ]),
    message: /10 MB/,
  },
  {
    title: 'a value too long for its type',
    answer: data([
      [0, 'toolong'],
      [1, 'b'],
    ]),
    message: /too long/,
  },
  {
    title: 'NULL from a function that has none',
    answer: data([
      [0, null],
      [1, 'b'],
    ]),
    code: '100072',
    message: /^NULL result in a non-nullable column$/,
  },
]

test('an answer outside the protocol fails the query in the words of Snowflake', async (context) => {
  for (const { title, answer, code, message } of rejectedResponses) {
    await context.test(title, async () => {
      await using engine = await startEngineWithApi({ answer: () => answer })
      await engine.run(integration + hello('NOT NULL', '(name VARCHAR) RETURNS VARCHAR(3)'))
      await assert.rejects(engine.run(aliceAndBob), (error: unknown) => {
        assert.ok(error instanceof SnowflakeError)
        assert.match(error.message, message)
        assert.equal(error.code, code)
        return true
      })
      assert.equal(engine.received.length, 1)
    })
  }
})

test('a role that does not trust the external id is an error of its own, and no request is sent', async () => {
  await using engine = await startEngineWithApi({ trusts: (id) => id === externalId(1) })
  await engine.run(integration + hello())
  await engine.run(`SELECT hello('x')`)
  await engine.run(integration.replace('CREATE', 'CREATE OR REPLACE'))
  await assert.rejects(engine.run(`SELECT hello('x')`), {
    message:
      'SQL execution error: Error assuming AWS_ROLE. Please verify the role and externalId are configured correctly in your AWS policy.',
  })
  assert.equal(engine.received.length, 1)
  assert.equal(engine.assumptions.at(-1)?.get('ExternalId'), externalId(2))
})

test('a session serves until shortly before it expires, and is requested once for all concurrent batches', async () => {
  await using engine = await startEngineWithApi({ sessionSeconds: 900 })
  await engine.run(integration + hello('MAX_BATCH_ROWS = 1', '(n NUMBER) RETURNS NUMBER'))
  const query = 'SELECT hello(SEQ4()) FROM TABLE(GENERATOR(ROWCOUNT => 20))'
  await engine.run(query)
  engine.passTime(500)
  await engine.run(query)
  assert.equal(engine.assumptions.length, 1)
  engine.passTime(200)
  await engine.run(query)
  assert.equal(engine.assumptions.length, 2)
  assert.ok(engine.received.every(({ rejection }) => rejection === undefined))
})

test('an API that is not there cannot be reached', async () => {
  await using engine = await startEngineWithApi()
  const elsewhere = (text: string) => text.replaceAll('a1b2c3d4e5', 'zzzzzzzzzz')
  await engine.run(elsewhere(integration + hello()))
  await assert.rejects(engine.run(`SELECT hello('x')`), {
    code: '100350',
    message:
      'Request failed for external function HELLO. Error: Remote service cannot be reached. Check the endpoint URL and try again.',
  })
  assert.deepEqual([engine.assumptions.length, engine.received.length], [0, 0])
})

test('the prefixes of the integration are asked again at each call', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(integration + hello())
  await engine.run(`ALTER API INTEGRATION api SET API_BLOCKED_PREFIXES = ('${apiUrl}hel')`)
  await assert.rejects(engine.run(`SELECT hello('x')`), /API_BLOCKED_PREFIXES/)
  await engine.run(`ALTER API INTEGRATION api SET API_BLOCKED_PREFIXES = () ENABLED = FALSE`)
  await assert.rejects(engine.run(`SELECT hello('x')`), /not enabled/)
  assert.equal(engine.received.length, 0)
})

test('the first failure ends the query, whatever other batches are about', async () => {
  await using engine = await startEngineWithApi({
    answer: (_, before) => (before === 0 ? { status: 400, body: 'no' } : { status: 202 }),
  })
  await engine.run(integration + hello('MAX_BATCH_ROWS = 1', '(n NUMBER) RETURNS NUMBER'))
  await assert.rejects(engine.run('SELECT hello(SEQ4()) FROM TABLE(GENERATOR(ROWCOUNT => 100))'), /400 'no'/)
  assert.ok(engine.received.length < 100, String(engine.received.length))
})

test('a cancelled query stops trying', async () => {
  const cancel = new AbortController()
  await using engine = await startEngineWithApi({
    answer: (_, before) => {
      if (before === 3) cancel.abort()
      return { status: 503 }
    },
  })
  await engine.run(integration + hello())
  await assert.rejects(engine.run(`SELECT hello('x')`, cancel.signal), { code: '000604', sqlState: '57014' })
  assert.equal(engine.received.length, 4)
})
