import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import {
  createSnowflake,
  httpTransport,
  type ResultSet,
  SnowflakeError,
  type Transport,
} from '../../local/snowflake/index.ts'
import { counter, slowStack } from '../shared/batches/slow-stack.ts'
import { type RunningStack, runningStack } from './running-stack.ts'

let stack: RunningStack

before(async () => {
  stack = await runningStack()
})
after(() => stack.stop())

interface Before {
  readonly url: string
  readonly identity: RunningStack['identity']
}

interface Faults {
  readonly transport?: Transport
  readonly externalId?: string
}

/** The local Snowflake with the keys of the map's party, before a running stack; the functions are in SQL. */
const openSnowflake = async (
  before: Before,
  functions: (apiUrl: string) => string,
  { transport = httpTransport, externalId }: Faults = {},
) => {
  const party = await before.identity('snowflake')
  const { apiUrl } = (await (await fetch(`${before.url}/_snowgate/service`)).json()) as { apiUrl: string }
  const lines: string[] = []
  const snowflake = createSnowflake({
    ...{ account: 'ABC12345', organizationName: 'LOCAL', accountName: 'SNOWFLAKE' },
    region: party.region,
    iamUser: { arn: party.arn, credentials: { ...party, sessionToken: party.sessionToken ?? '' } },
    newExternalId: () => externalId ?? party.externalId ?? '',
    sts: { endpoint: before.url, region: party.region },
    transport,
    resolve: ({ pathname }) => new URL(pathname, before.url),
    now: () => new Date(),
    // A tenth of the waits: the waiting itself is not what is tried.
    sleep: (milliseconds, signal) => setTimeout(milliseconds / 10, undefined, { signal }),
    newId: randomUUID,
    print: (line) => lines.push(line),
  })
  const session = snowflake.openSession({ user: 'TEST', role: 'TEST' })
  const run = async (sql: string): Promise<ResultSet> => {
    let last: ResultSet | undefined
    for await (const result of session.execute(sql)) last = result
    assert.ok(last)
    return last
  }
  await run(`
    CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = '${party.doorRoleArn}'
      API_ALLOWED_PREFIXES = ('${apiUrl}/') ENABLED = TRUE;
    ${functions(apiUrl)}`)
  return { run, lines }
}

const hello = (apiUrl: string) =>
  `CREATE EXTERNAL FUNCTION hello(name VARCHAR) RETURNS VARCHAR API_INTEGRATION = api AS '${apiUrl}/hello';`
const slowHello = (apiUrl: string) =>
  `CREATE EXTERNAL FUNCTION slow_hello(name VARCHAR, url VARCHAR) RETURNS VARCHAR
    API_INTEGRATION = api AS '${apiUrl}/slow-hello';`

const tenThousand = `SELECT hello('name ' || seq4()) FROM TABLE(GENERATOR(ROWCOUNT => 10000))`
const greetings = Array.from({ length: 10_000 }, (_, row) => [`Hello, name ${row}`])

/** The batches whose work the functions report, as often as they report it. */
const batchesWorked = (log: readonly string[]): readonly string[] =>
  log.flatMap((line) => /"status":200,"batch":"([^"]+)"/.exec(line)?.[1] ?? [])

const processesBelow = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=,ppid=,comm=', '-A'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command]) => Number(parent) === pid && command !== 'ps')
    .map(([child]) => Number(child))

test('ten thousand rows are greeted, in order', async () => {
  const { run } = await openSnowflake(stack, hello)
  const { rows, columns } = await run(tenThousand)
  assert.deepEqual(rows, greetings)
  assert.equal(columns.length, 1)
})

/** The n-th requests that meet a 503, a 429 and the death of every environment; what was met is told. */
const faultsOnTheWay = ({ busy, tooMany, deadly }: Readonly<Record<'busy' | 'tooMany' | 'deadly', number>>) => {
  const met: string[] = []
  let requests = 0
  const underWay = new Set<Promise<unknown>>()
  let killing: Promise<unknown> = Promise.resolve()

  /** Stops every environment before the request comes, so that none can have worked on it when it is killed. */
  const killOnTheWay: Transport = async (request) => {
    await Promise.allSettled(underWay)
    const environments = processesBelow(process.pid)
    assert.ok(environments.length > 0, 'no environment to kill')
    for (const pid of environments) process.kill(pid, 'SIGSTOP')
    const answer = httpTransport(request)
    await setTimeout(100)
    for (const pid of environments) process.kill(pid, 'SIGKILL')
    met.push(`killed, ${(await answer).status}`)
    await setTimeout(50) // until the stack has noticed the others
    return answer
  }
  const transport: Transport = async (request) => {
    const count = ++requests
    if (count === busy || count === tooMany) {
      const status = count === busy ? 503 : 429
      met.push(String(status))
      return { status, headers: {}, body: Buffer.alloc(0) }
    }
    if (count === deadly) {
      const answer = killOnTheWay(request)
      killing = answer
      return answer
    }
    const answer = killing.then(() => httpTransport(request))
    underWay.add(answer)
    return answer
  }
  return { transport, met }
}

const allThree = ['429', '503', 'killed, 502']

test('with one lambda killed, one 503 and one 429 on the way, each batch is worked once and the rows are right', async () => {
  const faults = faultsOnTheWay({ busy: 2, tooMany: 4, deadly: 6 })
  const { run, lines } = await openSnowflake(stack, hello, { transport: faults.transport })
  const before = stack.log.length
  const { rows } = await run(tenThousand)
  assert.deepEqual(rows, greetings)
  assert.deepEqual(faults.met.toSorted(), allThree)
  assert.equal(lines.length, 3, lines.join('\n'))

  const worked = batchesWorked(stack.log.slice(before))
  assert.equal(worked.length, 10)
  assert.equal(new Set(worked).size, 10)
})

test('the same through the asynchronous path: each row has its side effect once', async () => {
  const slow = await slowStack()
  const effects = await counter()
  // The first request of the statement dies: no worker is under way yet, whose rows would be told again.
  const faults = faultsOnTheWay({ deadly: 2, busy: 4, tooMany: 6 })
  const { run, lines } = await openSnowflake(slow, slowHello, { transport: faults.transport })
  const call = (name: string, count: number) =>
    run(`SELECT slow_hello(${name}, '${effects.url}') FROM TABLE(GENERATOR(ROWCOUNT => ${count}))`)
  await call(`'warm up'`, 1)

  const { rows } = await call(`'name ' || seq4()`, 10_000)
  assert.deepEqual(rows, greetings)
  assert.deepEqual(faults.met.toSorted(), allThree)
  assert.ok(
    lines.some((line) => line.includes(': 202; asking again')),
    'no batch was polled for',
  )
  const names = effects.asked.filter((name) => name !== 'warm up')
  assert.equal(names.length, 10_000)
  assert.equal(new Set(names).size, 10_000)
  effects.close()
  await slow.stop()
})

test('with the external id of another integration the query fails as Snowflake fails', async () => {
  const { run } = await openSnowflake(stack, hello, { externalId: 'ABC12345_SFCRole=2_another=' })
  await assert.rejects(run(`SELECT hello('Alice')`), (error: unknown) => {
    assert.ok(error instanceof SnowflakeError)
    assert.match(error.message, /Error assuming AWS_ROLE\. Please verify the role and externalId/)
    return true
  })
})
