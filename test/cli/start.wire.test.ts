import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { temporaryFolder } from '../infra/compile.ts'
import { serviceMap } from '../service-map.ts'
import { runSnowgate } from './run-snowgate.ts'
import { startedStack } from './started-stack.ts'

const listens = (url: string) =>
  fetch(`${url}/_snowgate/identities`).then(
    () => true,
    () => false,
  )

test('start calls hello as every identity, prints the reason of each rejection, and is ready', async () => {
  await using started = await startedStack('--access', serviceMap)
  const { stdout, url, end } = started
  const lines: readonly RegExp[] = [
    /^ {2}✓ snowflake +200 {2}"Hello, Alice"$/m,
    /^ {2}✓ analytics +200 {2}"Hello, Alice"$/m,
    /^ {2}✓ reporting +200 {2}"Hello, Alice"$/m,
    /^ {2}✓ graph +GET \/status +200 {2}200 \{"status":"healthy"/m,
    /^ {2}✓ orders +GET \/orders\/1 +200 {2}200 \{"method":"GET","path":"\/orders\/1"/m,
    /^ {2}✗ admin +403 {2}API, resource-based policy: .*, DenyAllOthers denies$/m,
    /^ {2}✗ stranger +403 {2}API, resource-based policy: .*, DenyAllOthers denies$/m,
    /^ {2}✗ expired +403 {2}API, token: The session of ASIA\w+ ended /m,
  ]
  for (const line of lines) assert.match(stdout, line)
  assert.match(stdout, new RegExp(`npx snowgate call --as analytics /hello -d '{"name":"Bob"}' --stack ${url}\n`))
  assert.ok(stdout.endsWith(`\nsnowgate ready ${url}\n`))
  assert.ok(await listens(url))
  assert.equal(await end('SIGTERM'), 0)
  assert.ok(!(await listens(url)), 'the stack outlived the command')
})

test("at prod a dev caller is rejected, and Snowflake's caller role is pending", async () => {
  await using started = await startedStack('--access', serviceMap, '--stage', 'prod')
  const { stdout, end } = started
  assert.match(stdout, /^ {2}✓ analytics +200 {2}"Hello, Alice"$/m)
  assert.match(stdout, /^ {2}✗ analytics@dev +403 {2}AssumeRole, role trust policy: no statement allows it$/m)
  assert.match(stdout, /^ {2}✗ snowflake +403 {2}AssumeRole, role trust policy: .*, PendingTrust denies$/m)
  assert.equal(await end('SIGINT'), 0)
})

test('all errors of an invalid map are reported with their lines, before anything is packaged', async () => {
  const map = join(await temporaryFolder(), 'access.yml')
  await writeFile(map, 'dev:\n  callers:\n    analytics: {routes: [POST /helo]}\n  colour: blue\n')
  const { code, stdout, stderr } = await runSnowgate(['start', '--access', map])
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /access\.yml:3:\d+ {2}dev\.callers\.analytics\.routes\[0\]: .*POST \/hello/)
  assert.match(stderr, /access\.yml:4:3 {2}dev\.colour: /)
})

test('a stage that is missing in the map is reported with the existing ones', async () => {
  const { code, stderr } = await runSnowgate(['start', '--access', serviceMap, '--stage', 'nope'])
  assert.equal(code, 1)
  assert.match(stderr, /no stage "nope": its stages are dev, stg, prod/)
})

test('a used port is reported with what to do', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  after(() => server.close())
  const { code, stderr } = await runSnowgate(['start', '--access', serviceMap, '--port', String(port)])
  assert.equal(code, 1)
  assert.match(stderr, new RegExp(`Port ${port} is taken: stop what listens there, or choose another port, 0 for any`))
})

test('unknown commands and flags are usage errors', async () => {
  for (const args of [['strat'], ['start', '--prot', '1'], ['start', '--port', 'x'], []]) {
    assert.equal((await runSnowgate(args)).code, 2, args.join(' '))
  }
  const { code, stdout } = await runSnowgate(['--help'])
  assert.equal(code, 0)
  for (const command of ['start', 'env', 'call']) assert.match(stdout, new RegExp(`^ {2}${command} `, 'm'))
})

test('start is ended by its signal before there is a stack, and that is no failure', async () => {
  const signal = AbortSignal.abort('SIGINT')
  const ended = await runSnowgate(['start', '--access', serviceMap, '--port', '0'], { signal })
  assert.deepEqual([ended.code, ended.stderr], [0, ''])
  assert.doesNotMatch(ended.stdout, /ready/)
})
