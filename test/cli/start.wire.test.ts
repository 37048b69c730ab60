import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../infra/compile.ts'
import { bareEnvironment } from '../run-program.ts'
import { runSnowgate } from './run-snowgate.ts'

const launcher = join(import.meta.dirname, '../../cli/snowgate.js')

/** `snowgate start` until its ready line; `end` sends the signal and gives the exit code. */
const start = (
  ...args: string[]
): Promise<{ stdout: string; url: string; end: (signal: NodeJS.Signals) => Promise<number | null> }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, 'start', '--port', '0', ...args], { env: bareEnvironment })
    const ended = new Promise<number | null>((done) => child.once('exit', done))
    let stdout = ''
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      const url = /^snowgate ready (\S+)\n$/m.exec(stdout)?.[1]
      if (url === undefined) return
      const end = (signal: NodeJS.Signals) => {
        child.kill(signal)
        return ended
      }
      resolve({ stdout, url, end })
    })
    ended.then((code) => reject(new Error(`ended with ${code} before it was ready: ${stderr}`)))
  })

const listens = (url: string) =>
  fetch(`${url}/_snowgate/identities`).then(
    () => true,
    () => false,
  )

test('start calls hello as everybody on the map, tells why the refused were refused, and is ready', async () => {
  const { stdout, url, end } = await start()
  const lines: readonly RegExp[] = [
    /^ {2}✓ snowflake +200 {2}"Hello, Alice"$/m,
    /^ {2}✓ analytics +200 {2}"Hello, Alice"$/m,
    /^ {2}✓ reporting +200 {2}"Hello, Alice"$/m,
    /^ {2}✓ graph +GET \/status +200 {2}200 \{"status":"healthy"/m,
    /^ {2}✓ orders +GET \/orders\/1 +200 {2}200 \{"method":"GET","path":"\/orders\/1"/m,
    /^ {2}✗ admin +403 {2}at the API, resource-based policy: .*, DenyEverybodyElse denies$/m,
    /^ {2}✗ stranger +403 {2}at the API, resource-based policy: .*, DenyEverybodyElse denies$/m,
    /^ {2}✗ expired +403 {2}at the API, token: The session of ASIA\w+ ended /m,
  ]
  for (const line of lines) assert.match(stdout, line)
  assert.match(stdout, new RegExp(`npx snowgate call --as analytics /hello -d '{"name":"Bob"}' --stack ${url}\n`))
  assert.ok(stdout.endsWith(`\nsnowgate ready ${url}\n`))
  assert.ok(await listens(url))
  assert.equal(await end('SIGTERM'), 0)
  assert.ok(!(await listens(url)), 'the stack outlived the command')
})

test("at prod a dev caller is refused, and Snowflake's door is shut for everybody", async () => {
  const { stdout, end } = await start('--stage', 'prod')
  assert.match(stdout, /^ {2}✓ analytics +200 {2}"Hello, Alice"$/m)
  assert.match(stdout, /^ {2}✗ analytics@dev +403 {2}at AssumeRole, role trust policy: no statement allows it$/m)
  assert.match(stdout, /^ {2}✗ snowflake +403 {2}at AssumeRole, role trust policy: .*, Shut denies$/m)
  assert.equal(await end('SIGINT'), 0)
})

test('a faulty map is answered with every fault and its line, before anything is packaged', async () => {
  const map = join(await temporaryFolder(), 'access.yml')
  await writeFile(map, 'dev:\n  callers:\n    analytics: {routes: [POST /helo]}\n  colour: blue\n')
  const { code, stdout, stderr } = await runSnowgate(['start', '--access', map])
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /access\.yml:3:\d+ {2}dev\.callers\.analytics\.routes\[0\]: .*POST \/hello/)
  assert.match(stderr, /access\.yml:4:3 {2}dev\.colour: /)
})

test('a stage that is not on the map is answered with those that are', async () => {
  const { code, stderr } = await runSnowgate(['start', '--stage', 'nope'])
  assert.equal(code, 1)
  assert.match(stderr, /no stage "nope": its stages are dev, stg, prod/)
})

test('a port that is taken is said, with what to do', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  const { code, stderr } = await runSnowgate(['start', '--port', String(port)])
  server.close()
  assert.equal(code, 1)
  assert.match(stderr, new RegExp(`Port ${port} is taken: stop what listens there, or choose another port, 0 for any`))
})

test('the command line itself is checked: unknown commands and flags are usage errors', async () => {
  for (const args of [['strat'], ['start', '--prot', '1'], ['start', '--port', 'x'], []]) {
    assert.equal((await runSnowgate(args)).code, 2, args.join(' '))
  }
  const { code, stdout } = await runSnowgate(['--help'])
  assert.equal(code, 0)
  for (const command of ['start', 'env', 'call']) assert.match(stdout, new RegExp(`^ {2}${command} `, 'm'))
})
