import assert from 'node:assert/strict'
import { after, before, describe, it, test } from 'node:test'
import { parseDeployedApi, setupScript, ways } from '../../cli/setup/index.ts'
import { createSnowflake, httpTransport, type RunUdf } from '../../local/snowflake/index.ts'
import { readAccessMap } from '../../shared/access/index.ts'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { resultsOf } from '../local/snowflake/world.ts'
import { through } from './cases.ts'
import { runPython } from './python.ts'
import { preparePython } from './python-environment.ts'
import { passOn, startRelay } from './relay.ts'
import { type Rows, runUdf, type UdfOrder } from './udf.ts'

const accessMap = 'test/clients/access.yml'

let stack: RunningStack

before(async () => {
  preparePython()
  stack = await runningStack({ accessMap })
})
after(() => stack.stop())

type Instead = Parameters<typeof startRelay>[2]

/** The body between Snowflake's secret and a relay before the stack, which keeps what was sent. */
const greet = async (
  file: string,
  batches: readonly Rows[],
  { instead, ...more }: Partial<UdfOrder> & { readonly instead?: Instead } = {},
) => {
  const relay = await startRelay(stack.url, passOn, (passing, before) =>
    passing.path === '/' ? undefined : instead?.(passing, before),
  )
  try {
    const prepared = { ...(await through(stack, 'snowflake')), endpoint: relay.url, path: '/dev/hello' }
    const rest = { functionName: '', region: 'eu-central-1', service: 'execute-api', batches }
    const { words } = await runUdf(file, { ...prepared, ...rest, ...more })
    return { words, sent: relay.received.filter(({ path }) => path === '/dev/hello') }
  } finally {
    relay.stop()
  }
}

const rowsOf = (names: readonly unknown[]): Rows => names.map((name) => [name])
const greeted = (names: readonly (string | null)[]) => names.map((name) => (name ? `Hello, ${name}` : 'Hello!'))

const peculiar = ['Alice', null, '', '愛麗絲', 'Zoë', 'أليس', '👩‍🚀', `"';\\ \n\t$$ {{url}}`, 'NULL', 'nan', ' ']

for (const file of ['hello.py', 'hello_vectorized.py']) {
  test(`${file} greets in every script, and whoever has no name, in the order of the rows`, async () => {
    const { words } = await greet(file, [rowsOf(peculiar)])
    assert.deepEqual(JSON.parse(words), greeted(peculiar))
  })
}

test('the scalar UDF sends a request for each row', async () => {
  const { sent } = await greet('hello.py', [rowsOf(['Alice', 'Bob', null])])
  assert.equal(sent.length, 3)
})

describe('the vectorized UDF', () => {
  const vectorized = (batches: readonly Rows[], more?: Parameters<typeof greet>[2]) =>
    greet('hello_vectorized.py', batches, more)
  const alice = [rowsOf(['Alice'])]

  it('greets a thousand rows with one request', async () => {
    const names = Array.from({ length: 1_000 }, (_, row) => `name ${row}`)
    const { words, sent } = await vectorized([rowsOf(names)])
    assert.deepEqual(JSON.parse(words), greeted(names))
    assert.equal(sent.length, 1)
  })

  it('says how its body is to be read, and claims nothing else of an external function', async () => {
    const { sent } = await vectorized(alice)
    const headers = Object.entries(sent[0]?.headers ?? {}).filter(([name]) => name.startsWith('sf-'))
    assert.deepEqual(headers, [['sf-external-function-format', 'json']])
  })

  it('greets the next batch over the same connection', async () => {
    const { words, sent } = await vectorized([...alice, rowsOf(['Bob', 'Carol']), rowsOf([null])])
    assert.deepEqual(JSON.parse(words), greeted(['Alice', 'Bob', 'Carol', null]))
    assert.equal(sent.length, 3)
    assert.equal(new Set(sent.map(({ connection }) => connection)).size, 1)
  })

  it('sends nothing for a batch without rows', async () => {
    const { words, sent } = await vectorized([[]])
    assert.deepEqual([words, sent.length], ['[]', 0])
  })

  it('splits a batch that Lambda would not take, and keeps the order', async () => {
    const names = Array.from({ length: 100 }, (_, row) => `${row} ${'"\\ö'.repeat(20_000)}`)
    const { words, sent } = await vectorized([rowsOf(names)])
    assert.deepEqual(JSON.parse(words), greeted(names))
    assert.ok(sent.length > 1)
    for (const { body } of sent) assert.ok(JSON.stringify(body.toString()).length < 6_000_000)
  })

  it('asks the secret again when the session has expired, once', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await stack.identity('expired')
    const expired = { accessKeyId, secretAccessKey, sessionToken: sessionToken ?? '' }
    const renewed = await vectorized(alice, { outdated: [expired] })
    assert.deepEqual([renewed.words, renewed.sent.length], ['["Hello, Alice"]', 2])
    const refused = await vectorized(alice, { outdated: [expired, expired] })
    assert.equal(refused.words, 'hello failed with status 403: The security token included in the request is expired')
    assert.equal(refused.sent.length, 2)
  })

  const busy = { status: 503, body: '{"error":{"code":"DEADLINE_EXCEEDED","message":"Try again."}}' }
  const throttled = { status: 429, body: '{"message":"Too Many Requests"}' }
  for (const [name, fault] of [
    ['a 503', busy],
    ['a 429', throttled],
    ['a broken connection', 'hang up'],
  ] as const) {
    it(`gets over ${name} on the way`, async () => {
      let faults = 0
      const { words, sent } = await vectorized(alice, { instead: () => (faults++ < 2 ? fault : undefined) })
      assert.deepEqual([words, sent.length], ['["Hello, Alice"]', 3])
    })
  }

  const lasting: readonly {
    readonly name: string
    readonly answer: { readonly status: number; readonly body: string } | 'hang up'
    readonly sent: number
    readonly says: RegExp
  }[] = [
    { name: 'a 503', answer: busy, sent: 4, says: /^hello was refused with status 503: Try again\.$/ },
    { name: 'a 429', answer: throttled, sent: 4, says: /^hello was refused with status 429: Too Many Requests$/ },
    {
      name: 'a broken connection',
      answer: 'hang up',
      sent: 4,
      says: /^hello could not connect to 127\.0\.0\.1:\d+: is the host in the network rule, and the API deployed\?$/,
    },
    {
      name: 'a 502',
      answer: { status: 502, body: '<html>' },
      sent: 1,
      says: /^hello was refused with status 502: Bad Gateway$/,
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
      name: `the answer ${body}`,
      answer: { status: 200, body },
      sent: 1,
      says: /^hello got a response without the 1 rows of the request$/,
    })),
  ]
  for (const { name, answer, sent, says } of lasting) {
    it(`fails in words after ${name} that lasts`, async () => {
      const failed = await vectorized(alice, { instead: () => answer })
      assert.match(failed.words, says)
      assert.equal(failed.sent.length, sent)
    })
  }

  it('fails with the row and the words of the service when a row does', async () => {
    const { words } = await vectorized([rowsOf(['Alice', 42, 'Bob', true])])
    assert.equal(
      words,
      'hello failed in 2 of 4 rows, first in row 2 of the batch: The input does not have the form this function takes. "name" must be text, or absent.',
    )
  })
})

describe('the set-up script, run for real', () => {
  const externalId = 'ABC12345_SFCRole=2_example='

  /** A Snowflake whose UDFs run in CPython, with the session that the secret's role gives, and reach the allowed hosts alone. */
  const openSnowflake = async (newExternalId: string) => {
    const relay = await startRelay(stack.url, passOn)
    const { accessKeyId, secretAccessKey, arn, accountId } = await stack.identity('snowflake')
    const service = (await (await fetch(`${stack.url}/_snowgate/service`)).json()) as {
      apiUrl: string
      accountId: string
    }
    const api = parseDeployedApi(service.apiUrl, service.accountId)
    const runInPython: RunUdf = async ({ udf, credentials, rows }) => {
      const keys = credentials['cred']
      const hosts = Object.fromEntries(udf.allowedHosts.map((host) => [host, relay.url]))
      const order = { body: udf.body, handler: udf.handler, keys, hosts, batches: [JSON.parse(rows)] }
      return (await runPython('udf.py', order)).words
    }
    const snowflake = createSnowflake({
      account: accountId,
      organizationName: 'LOCAL',
      accountName: 'SNOWFLAKE',
      region: api.region,
      iamUser: { arn, credentials: { accessKeyId, secretAccessKey } },
      newExternalId: () => newExternalId,
      sts: { endpoint: stack.url, region: api.region },
      transport: httpTransport,
      resolve: ({ host, pathname }) => (host === api.host ? new URL(pathname, relay.url) : undefined),
      now: () => new Date(),
      sleep: async () => {},
      newId: () => crypto.randomUUID(),
      print: () => {},
      runUdf: runInPython,
    })
    const session = snowflake.openSession({ user: 'ALICE', role: 'ANALYST' })
    const caller = readAccessMap(accessMap).get('dev')?.callers.get('snowflake')
    assert.ok(caller?.kind === 'snowflake')
    await resultsOf(session, setupScript({ name: 'snowflake', caller, api, ways }))
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
    it(`${name} greets three rows with ${requests} of the door's requests`, async () => {
      await using snowflake = await openSnowflake(externalId)
      assert.deepEqual(await snowflake.rows(select(name)), rows)
      assert.equal(snowflake.sent.length, requests)
    })
    it(`${name} is not let in with an external id that the trust does not name`, async () => {
      await using snowflake = await openSnowflake('ABC12345_SFCRole=3_another=')
      await assert.rejects(snowflake.rows(select(name)), /AWS_ROLE|sts:AssumeRole/)
      assert.equal(snowflake.sent.length, 0)
    })
  }
})
