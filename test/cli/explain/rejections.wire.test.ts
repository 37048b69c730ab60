import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { explain } from '../../../cli/explain/explain.ts'
import type { CauseId } from '../../../shared/diagnoses/index.ts'
import { type RunningStack, runningStack, type StackIdentity, sign } from '../../local/running-stack.ts'
import { runSnowgate } from '../run-snowgate.ts'

let stack: RunningStack
let identities: Readonly<Record<string, StackIdentity>>

before(async () => {
  stack = await runningStack()
  const names = ['analytics', 'reporting', 'stranger', 'expired', 'snowflake']
  const found = await Promise.all(names.map((name) => stack.identity(name)))
  identities = Object.fromEntries(found.map((identity) => [identity.name, identity]))
})
after(() => stack.stop())

const call = async (...args: string[]) =>
  outputOf(await runSnowgate(['call', ...args], { env: { SNOWGATE_STACK: stack.url } }))
const sql = async (statements: string) => outputOf(await runSnowgate(['sql', '--stack', stack.url, statements]))
const outputOf = ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}\n${stderr}`

const identityNamed = (name: string): StackIdentity => {
  const identity = identities[name]
  if (!identity) throw new Error(`nobody is called ${name}`)
  return identity
}
const signed = (name: string, more: Parameters<typeof sign>[2] extends infer Place ? Partial<Place> : never) =>
  sign({ path: '/dev/hello', body: '{}' }, identityNamed(name), { host: stack.host, ...more })
const bodyOf = async (sent: ReturnType<typeof sign>) => (await stack.send(sent)).body

interface Case {
  readonly claim: string
  /** The output of the stack or of a command. */
  readonly output: () => Promise<string>
  readonly cause: CauseId
}

const cases: readonly Case[] = [
  {
    claim: 'keys of no caller of the map',
    output: () => call('--as', 'stranger', 'POST', '/hello'),
    cause: 'caller-role-not-assumed',
  },
  {
    claim: 'own keys of a caller with a caller role',
    output: () => call('--as', 'analytics', '--no-assume', 'POST', '/hello'),
    cause: 'caller-role-not-assumed',
  },
  {
    claim: 'a route that the caller role does not have',
    output: () => call('--as', 'snowflake', 'PUT', '/hello', '-d', '{}'),
    cause: 'route-not-granted',
  },
  {
    claim: 'a route that does not exist',
    output: () => call('--as', 'analytics', 'POST', '/nothing'),
    cause: 'url-wrong',
  },
  { claim: 'no signature', output: () => bodyOf({ path: '/dev/hello' }), cause: 'url-wrong' },
  {
    claim: 'a bearer token',
    output: () => bodyOf({ path: '/dev/hello', headers: { Authorization: 'Bearer abc' } }),
    cause: 'authorization-malformed',
  },
  { claim: 'an expired session', output: () => call('--as', 'expired', '/hello'), cause: 'session-expired' },
  {
    claim: 'another region',
    output: () => call('--as', 'reporting', '/hello', '-d', '{}', '--region', 'us-east-1'),
    cause: 'region-wrong',
  },
  {
    claim: 'another service',
    output: () => call('--as', 'reporting', '/hello', '-d', '{}', '--service', 's3'),
    cause: 'service-wrong',
  },
  {
    claim: 'a clock that is behind',
    output: async () => bodyOf(signed('reporting', { date: new Date(Date.now() - 6 * 60_000) })),
    cause: 'clock-skewed',
  },
  {
    claim: 'a body that was changed after signing',
    output: async () => bodyOf({ ...signed('reporting', {}), body: '[]' }),
    cause: 'secret-wrong',
  },
  {
    claim: 'an external id that was not sent',
    output: async () =>
      call('--as', 'snowflake', '--role-arn', identityNamed('snowflake').callerRoleArn ?? '', '/hello'),
    cause: 'external-id-missing',
  },
  {
    claim: 'a target that the map does not have',
    output: () => call('--as', 'analytics', '/invoke', '-d', '{"target":"grph","path":"/status"}'),
    cause: 'target-not-in-map',
  },
  {
    claim: 'a path that the target is not open for',
    output: () => call('--as', 'analytics', '/invoke', '-d', '{"target":"graph","path":"/loader"}'),
    cause: 'target-path-not-allowed',
  },
  {
    claim: 'a function that SQL does not find',
    output: () => sql('SELECT hello()'),
    cause: 'sql-function-not-granted',
  },
  { claim: 'a statement that is none', output: () => sql('SELEC 1'), cause: 'sql-malformed' },
  {
    claim: 'what the local Snowflake does not have',
    output: () => sql('SELECT 1 FROM a JOIN b ON TRUE'),
    cause: 'local-limit',
  },
  {
    claim: 'a stack that is not there',
    output: async () => outputOf(await runSnowgate(['env', '--stack', 'http://127.0.0.1:1'])),
    cause: 'stack-not-running',
  },
]

for (const { claim, output, cause } of cases) {
  test(`the rejection of ${claim} is explained by ${cause} first`, async () => {
    const text = await output()
    assert.equal(explain(text)[0]?.causes[0]?.id, cause, text)
  })
}
