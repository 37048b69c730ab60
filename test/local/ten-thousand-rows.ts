import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { httpTransport, type Transport } from '../../local/snowflake/caller/index.ts'
import type { ResultSet } from '../../local/snowflake/engine/result-set.ts'
import { createSnowflakeEngine } from '../../local/snowflake/snowflake-engine.ts'
import type { RunningStack } from './running-stack.ts'

interface Before {
  readonly url: string
  readonly identity: RunningStack['identity']
}

interface Faults {
  readonly transport?: Transport
  readonly externalId?: string
}

/** The local Snowflake with the keys of the map's identity, before a running stack; the functions are in SQL. */
export const openSnowflake = async (
  before: Before,
  functions: (apiUrl: string) => string,
  { transport = httpTransport, externalId }: Faults = {},
) => {
  const identity = await before.identity('snowflake')
  const { apiUrl } = (await (await fetch(`${before.url}/_snowgate/service`)).json()) as { apiUrl: string }
  const lines: string[] = []
  const snowflake = createSnowflakeEngine({
    account: 'ABC12345',
    organizationName: 'LOCAL',
    accountName: 'SNOWFLAKE',
    region: identity.region,
    iamUser: { arn: identity.arn, credentials: { ...identity, sessionToken: identity.sessionToken ?? '' } },
    newExternalId: () => externalId ?? identity.externalId ?? '',
    sts: { endpoint: before.url, region: identity.region },
    transport,
    resolveApiUrl: ({ pathname }) => new URL(pathname, before.url),
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
    CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = '${identity.callerRoleArn}'
      API_ALLOWED_PREFIXES = ('${apiUrl}/') ENABLED = TRUE;
    ${functions(apiUrl)}`)
  return { run, lines }
}

export const hello = (apiUrl: string) =>
  `CREATE EXTERNAL FUNCTION hello(name VARCHAR) RETURNS VARCHAR API_INTEGRATION = api AS '${apiUrl}/hello';`
export const tenThousand = `SELECT hello('name ' || seq4()) FROM TABLE(GENERATOR(ROWCOUNT => 10000))`
export const greetings = Array.from({ length: 10_000 }, (_, row) => [`Hello, name ${row}`])

/**
 * The processes of functions that a stack in this process has started: its children, but for `ps` and the service of esbuild.
 * One that has only just been forked still shows the command of its parent.
 */
const executionEnvironments = (): number[] =>
  execFileSync('ps', ['-o', 'pid=,ppid=,comm=', '-A'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command]) => Number(parent) === process.pid && command !== 'ps' && command !== 'esbuild')
    .map(([child]) => Number(child))

/** Makes the n-th requests meet a 503, a 429 and the death of every environment, and lists what was met. */
export const faultsOnTheWay = ({ busy, tooMany, deadly }: Readonly<Record<'busy' | 'tooMany' | 'deadly', number>>) => {
  const met: string[] = []
  let requests = 0
  const inFlight = new Set<Promise<unknown>>()
  let killing: Promise<unknown> = Promise.resolve()

  /** Stops every environment before the request comes, so that none can have worked on it when it is killed. */
  const killOnTheWay: Transport = async (request) => {
    await Promise.allSettled(inFlight)
    const environments = executionEnvironments()
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
    inFlight.add(answer)
    return answer
  }
  return { transport, met }
}

export const allThree = ['429', '503', 'killed, 502']
