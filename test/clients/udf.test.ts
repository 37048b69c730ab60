import assert from 'node:assert/strict'
import { after, before, describe, it, test } from 'node:test'
import { parseDeployedApi } from '../../cli/deploy/deployed-api.ts'
import { callerScript, connectionMethods } from '../../cli/setup/caller-script.ts'
import { httpTransport } from '../../local/snowflake/caller/index.ts'
import type { RunUdf } from '../../local/snowflake/engine/python-udf.ts'
import { createSnowflakeEngine } from '../../local/snowflake/snowflake-engine.ts'
import { readAccessMap } from '../../shared/access/index.ts'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { resultsOf } from '../local/snowflake/engine-with-api.ts'
import { forwardUnchanged, startRelay } from './altering-relay.ts'
import { preparePython } from './python-environment.ts'
import { withCallerRole } from './rejection-cases.ts'
import { runPython } from './run-python.ts'
import { type Rows, runUdf, type UdfCall } from './udf.ts'

const accessMap = 'test/clients/access.yml'

let stack: RunningStack

before(async () => {
  preparePython()
  stack = await runningStack({ accessMap })
})
after(() => stack.stop())

type Override = Parameters<typeof startRelay>[2]

/** Runs the body with Snowflake's secret and a relay in front of the stack, which records requests. */
const runHello = async (
  file: string,
  batches: readonly Rows[],
  { override, ...more }: Partial<UdfCall> & { readonly override?: Override } = {},
) => {
  const relay = await startRelay(stack.url, forwardUnchanged, (request, before) =>
    request.path === '/' ? undefined : override?.(request, before),
  )
  try {
    const prepared = { ...(await withCallerRole(stack, 'snowflake')), endpoint: relay.url, path: '/dev/hello' }
    const rest = { functionName: '', region: 'eu-central-1', service: 'execute-api', batches }
    const { message } = await runUdf(file, { ...prepared, ...rest, ...more })
    return { message, sent: relay.received.filter(({ path }) => path === '/dev/hello') }
  } finally {
    relay.stop()
  }
}

const rowsOf = (names: readonly unknown[]): Rows => names.map((name) => [name])
const expectedGreetings = (names: readonly (string | null)[]) =>
  names.map((name) => (name ? `Hello, ${name}` : 'Hello!'))

const unusualNames = ['Alice', null, '', '愛麗絲', 'Zoë', 'أليس', '👩‍🚀', `"';\\ \n\t$$ {{url}}`, 'NULL', 'nan', ' ']

for (const file of ['hello.py', 'hello_vectorized.py']) {
  test(`${file} greets names in any script and rows without a name, in row order`, async () => {
    const { message } = await runHello(file, [rowsOf(unusualNames)])
    assert.deepEqual(JSON.parse(message), expectedGreetings(unusualNames))
  })
}

test('the scalar UDF sends a request for each row', async () => {
  const { sent } = await runHello('hello.py', [rowsOf(['Alice', 'Bob', null])])
  assert.equal(sent.length, 3)
})

describe('the vectorized UDF', () => {
  const vectorized = (batches: readonly Rows[], more?: Parameters<typeof runHello>[2]) =>
    runHello('hello_vectorized.py', batches, more)
  const alice = [rowsOf(['Alice'])]

  it('greets a thousand rows with one request', async () => {
    const names = Array.from({ length: 1_000 }, (_, row) => `name ${row}`)
    const { message, sent } = await vectorized([rowsOf(names)])
    assert.deepEqual(JSON.parse(message), expectedGreetings(names))
    assert.equal(sent.length, 1)
  })

  it('declares the format of its body, and sends no other header of an external function', async () => {
    const { sent } = await vectorized(alice)
    const headers = Object.entries(sent[0]?.headers ?? {}).filter(([name]) => name.startsWith('sf-'))
    assert.deepEqual(headers, [['sf-external-function-format', 'json']])
  })

  it('greets the next batch over the same connection', async () => {
    const { message, sent } = await vectorized([...alice, rowsOf(['Bob', 'Carol']), rowsOf([null])])
    assert.deepEqual(JSON.parse(message), expectedGreetings(['Alice', 'Bob', 'Carol', null]))
    assert.equal(sent.length, 3)
    assert.equal(new Set(sent.map(({ connection }) => connection)).size, 1)
  })

  it('sends nothing for a batch without rows', async () => {
    const { message, sent } = await vectorized([[]])
    assert.deepEqual([message, sent.length], ['[]', 0])
  })

  it('splits a batch above the limit of Lambda, and keeps the order', async () => {
    const names = Array.from({ length: 100 }, (_, row) => `${row} ${'"\\ö'.repeat(20_000)}`)
    const { message, sent } = await vectorized([rowsOf(names)])
    assert.deepEqual(JSON.parse(message), expectedGreetings(names))
    assert.ok(sent.length > 1)
    for (const { body } of sent) assert.ok(JSON.stringify(body.toString()).length < 6_000_000)
  })

  it('gets the secret again when the session has expired, once', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await stack.identity('expired')
    const expired = { accessKeyId, secretAccessKey, sessionToken: sessionToken ?? '' }
    const renewed = await vectorized(alice, { expiredSessions: [expired] })
    assert.deepEqual([renewed.message, renewed.sent.length], ['["Hello, Alice"]', 2])
    const rejected = await vectorized(alice, { expiredSessions: [expired, expired] })
    assert.equal(
      rejected.message,
      'hello failed with status 403: The security token included in the request is expired',
    )
    assert.equal(rejected.sent.length, 2)
  })

  const busy = { status: 503, body: '{"error":{"code":"DEADLINE_EXCEEDED","message":"Try again."}}' }
  const throttled = { status: 429, body: '{"message":"Too Many Requests"}' }
  for (const [name, fault] of [
    ['a 503', busy],
    ['a 429', throttled],
    ['a broken connection', 'hang up'],
  ] as const) {
    it(`retries after ${name}`, async () => {
      let faults = 0
      const { message, sent } = await vectorized(alice, { override: () => (faults++ < 2 ? fault : undefined) })
      assert.deepEqual([message, sent.length], ['["Hello, Alice"]', 3])
    })
  }

  const permanentFaults: readonly {
    readonly name: string
    readonly response: { readonly status: number; readonly body: string } | 'hang up'
    readonly sent: number
    readonly expected: RegExp
  }[] = [
    { name: 'a 503', response: busy, sent: 4, expected: /^hello failed with status 503: Try again\.$/ },
    { name: 'a 429', response: throttled, sent: 4, expected: /^hello failed with status 429: Too Many Requests$/ },
    {
      name: 'a broken connection',
      response: 'hang up',
      sent: 4,
      expected:
        /^hello could not connect to 127\.0\.0\.1:\d+: is the host in the network rule, and the API deployed\?$/,
    },
    {
      name: 'a 502',
      response: { status: 502, body: '<html>' },
      sent: 1,
      expected: /^hello failed with status 502: Bad Gateway$/,
    },
    ...[
      '<html>',
      '[]',
      '{}',
      '{"data":[]}',
      '{"data":[[1,"Hello"]]}',
      '{"data":[0]}',
      '{"data":[[0,"a"],[1,"b"]]}',
    ].map((body) => ({
      name: `the response ${body}`,
      response: { status: 200, body },
      sent: 1,
      expected: /^hello got a response without the 1 rows of the request$/,
    })),
  ]
  for (const { name, response, sent, expected } of permanentFaults) {
    it(`fails with a message after a permanent fault: ${name}`, async () => {
      const failed = await vectorized(alice, { override: () => response })
      assert.match(failed.message, expected)
      assert.equal(failed.sent.length, sent)
    })
  }

  it('fails with the row and the error of the service when a row fails', async () => {
    const { message } = await vectorized([rowsOf(['Alice', 42, 'Bob', true])])
    assert.equal(
      message,
      'hello failed in 2 of 4 rows, first in row 2 of the batch: The input is invalid. "name" must be a string or absent.',
    )
  })
})

describe('the setup script', () => {
  const externalId = 'ABC12345_SFCRole=2_example='

  /** A Snowflake whose UDFs run in CPython, with the session of the secret's role, and reach only the allowed hosts. */
  const startSnowflake = async (newExternalId: string) => {
    const relay = await startRelay(stack.url, forwardUnchanged)
    const { accessKeyId, secretAccessKey, arn, accountId } = await stack.identity('snowflake')
    const service = (await (await fetch(`${stack.url}/_snowgate/service`)).json()) as {
      apiUrl: string
      accountId: string
    }
    const api = parseDeployedApi(service.apiUrl, service.accountId)
    const runInPython: RunUdf = async ({ udf, credentials, rows }) => {
      const keys = credentials['cred']
      const hosts = Object.fromEntries(udf.allowedHosts.map((host) => [host, relay.url]))
      const call = { body: udf.body, handler: udf.handler, keys, hosts, batches: [JSON.parse(rows)] }
      return (await runPython('udf.py', call)).message
    }
    const snowflake = createSnowflakeEngine({
      account: accountId,
      organizationName: 'LOCAL',
      accountName: 'SNOWFLAKE',
      region: api.region,
      iamUser: { arn, credentials: { accessKeyId, secretAccessKey } },
      newExternalId: () => newExternalId,
      sts: { endpoint: stack.url, region: api.region },
      transport: httpTransport,
      resolveApiUrl: ({ host, pathname }) => (host === api.host ? new URL(pathname, relay.url) : undefined),
      now: () => new Date(),
      sleep: async () => {},
      newId: () => crypto.randomUUID(),
      print: () => {},
      runUdf: runInPython,
    })
    const session = snowflake.openSession({ user: 'ALICE', role: 'ANALYST' })
    const caller = readAccessMap(accessMap).get('dev')?.callers.get('snowflake')
    assert.ok(caller?.kind === 'snowflake')
    await resultsOf(session, callerScript({ name: 'snowflake', caller, api, methods: connectionMethods }))
    return {
      rows: async (sql: string) => (await resultsOf(session, sql)).at(-1)?.rows,
      sent: relay.received,
      [Symbol.asyncDispose]: async () => relay.stop(),
    }
  }

  const select = (name: string) =>
    `SELECT snowgate.dev.${name}(name) FROM (VALUES ('Alice'), (NULL), ('愛麗絲')) AS t(name)`

  const calls = [
    { name: 'hello', requests: 1, rows: [['"Hello, Alice"'], ['"Hello!"'], ['"Hello, 愛麗絲"']] },
    { name: 'hello_udf', requests: 3, rows: [['Hello, Alice'], ['Hello!'], ['Hello, 愛麗絲']] },
    { name: 'hello_vectorized', requests: 1, rows: [['Hello, Alice'], ['Hello!'], ['Hello, 愛麗絲']] },
  ] as const
  for (const { name, requests, rows } of calls) {
    it(`${name} greets three rows with ${requests} requests of the caller role`, async () => {
      await using snowflake = await startSnowflake(externalId)
      assert.deepEqual(await snowflake.rows(select(name)), rows)
      assert.equal(snowflake.sent.length, requests)
    })
    it(`${name} is denied with an external id that the trust policy does not have`, async () => {
      await using snowflake = await startSnowflake('ABC12345_SFCRole=3_another=')
      await assert.rejects(snowflake.rows(select(name)), /AWS_ROLE|sts:AssumeRole/)
      assert.equal(snowflake.sent.length, 0)
    })
  }
})
