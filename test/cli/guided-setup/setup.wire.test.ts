import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { copyWithCommandLine, temporaryFolder } from '../../infra/compile.ts'
import { bareEnvironment } from '../../run-program.ts'
import { snowgateOf } from '../run-snowgate.ts'
import { type WatchedStack, watchedStack } from './watched-stack.ts'

const shutMap = `# Who may call.
dev:
  callers:
    # Snowflake is not known yet.
    snowflake:   # its door is shut
      routes: [POST /hello, GET /hello, POST /snowflake-probe]   # and no more
    analytics:
      principals: [ "arn:aws:iam::222222222222:role/LambdaRoleDeve" ]
      routes: [POST /hello]
  snowflake: { account: myorg-myaccount, login: workload-identity }
`
const user = 'arn:aws:iam::999999999999:user/abcd-s-example'
const ids = ['ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=', 'ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq=']
const openMap = shutMap.replace(
  '      routes: [POST /hello, GET /hello, POST /snow',
  `      iamUserArn: ${user}\n      externalIds:\n${ids.map((id) => `        - ${id}\n`).join('')}      routes: [POST /hello, GET /hello, POST /snow`,
)

let root: string
let snowgate: ReturnType<typeof snowgateOf>
before(async () => {
  root = await copyWithCommandLine()
  snowgate = snowgateOf(root)
})

const newMap = async (text = shutMap): Promise<string> => {
  const path = join(await temporaryFolder(), 'access.yml')
  writeFileSync(path, text)
  return path
}

const packaged = new Map<string, Promise<string>>()

/** A stack with shut doors, packaged once for all, and the command for it, which has a map of its own. */
const shutWorld = async (text = shutMap) => {
  const deployed = packaged.get(text) ?? newMap(text)
  packaged.set(text, deployed)
  const watched = await watchedStack(await deployed)
  const access = await newMap(text)
  const setup = (...args: string[]) => snowgate(['setup', '--access', access, '--stack', watched.url, ...args])
  return { access, watched, setup, [Symbol.asyncDispose]: watched.stop }
}

/** The step lines of a run, by their marks. */
const stepsIn = (stderr: string, mark: string): readonly string[] =>
  stderr.split('\n').flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(2).split(': ')[0] ?? ''] : []))

const changing = [
  'API integration and external functions',
  'External access integration and Python functions',
  'Snowflake service user',
  'Trust in access.yml',
  'Access map deployed',
]

/** Python may be missing, and then says so. */
const greeted = (stdout: string) => stdout.split('\n').filter((line) => !line.startsWith('Test call: Python function'))

const isReading = (sql: string) => /^(DESC|SHOW|SELECT|USE ROLE)\b/.test(sql)

test('from shut doors to greetings in one run; the second finds everything as it is and changes nothing', async () => {
  await using world = await shutWorld()
  const { access, setup, watched } = world
  const { code, stdout, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.deepEqual(stepsIn(stderr, '=')[0], 'Stage deployed')
  assert.deepEqual(stepsIn(stderr, '✓').slice(0, 5), changing)
  const [external, other, probe, ...rest] = greeted(stdout)
  assert.match(external ?? '', /^Test call: external function +"Hello, Alice"$/)
  assert.match(other ?? '', /^Test call: other account \(analytics\) +"Hello, Alice"$/)
  assert.match(probe ?? '', /^Test call: Snowflake login +\{"user":"SNOWGATE_DEV_PROBE",.*"login":"workload-identity"/)
  assert.deepEqual(rest, [''])
  assert.match(
    stderr,
    /^✓ Test call: Python function: Hello, Alice$|^· Test call: Python function: .*does not have .*python/im,
  )
  assert.equal(readFileSync(access, 'utf8'), openMap)
  assert.equal(watched.asked().deployments, 1)

  const { mtimeMs } = statSync(access)
  const again = await setup()
  assert.equal(again.code, 0, again.stderr)
  assert.deepEqual(greeted(again.stdout).slice(0, 2), [external, other])
  assert.deepEqual(stepsIn(again.stderr, '='), ['Stage deployed', ...changing])
  assert.deepEqual([readFileSync(access, 'utf8'), statSync(access).mtimeMs], [openMap, mtimeMs])
  const { statements, deployments } = watched.asked()
  assert.deepEqual([deployments, statements.filter((sql) => !isReading(sql))], [0, []])
  assert.ok(statements.length > 5)
})

test('killed after any of its steps, the same command goes on from there', async () => {
  await using world = await shutWorld()
  const { access, setup, watched } = world
  const seen: string[] = []
  for (const step of changing) {
    const stderr = await killedAfter(step, ['setup', '--yes', '--access', access, '--stack', watched.url])
    seen.push(...stepsIn(stderr, '✓').filter((title) => changing.includes(title)))
  }
  const { code, stdout, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /"Hello, Alice"/)
  assert.equal(readFileSync(access, 'utf8'), openMap)
  assert.deepEqual(seen, changing, 'each was done once')
  assert.equal(watched.asked().statements.filter((sql) => /CREATE API INTEGRATION/.test(sql)).length, 1)
})

const killedAfter = (step: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'cli', 'main.ts'), ...args], { env: bareEnvironment })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
      if (said.includes(`✓ ${step}`)) child.kill('SIGKILL')
    })
    child.once('close', () => resolve(said))
  })

test('cut off between two statements, or with a function that somebody has changed, it is mended', async () => {
  await using world = await shutWorld()
  const { setup, watched } = world
  assert.equal((await setup('--yes')).code, 0)
  const damages: readonly (readonly [sql: string, told: RegExp])[] = [
    [
      'REVOKE USAGE ON FUNCTION snowgate.dev.hello(VARCHAR) FROM ROLE snowgate_dev_snowflake',
      /^ {2}SNOWGATE_DEV_SNOWFLAKE may not call "SNOWGATE"\."DEV"\."HELLO"\(VARCHAR\)$/m,
    ],
    ['DROP FUNCTION snowgate.dev.hello_udf(VARCHAR)', /^ {2}"SNOWGATE"\."DEV"\."HELLO_UDF"\(VARCHAR\) is not there$/m],
    [
      "ALTER API INTEGRATION snowgate_dev_snowflake_api SET API_AWS_ROLE_ARN = 'arn:aws:iam::111111111111:role/other'",
      /^ {2}SNOWGATE_DEV_SNOWFLAKE_API has arn:aws:iam::111111111111:role\/other as AWS_ROLE_ARN$/m,
    ],
    [
      'ALTER USER snowgate_dev_probe SET DEFAULT_ROLE = PUBLIC',
      /^ {2}SNOWGATE_DEV_PROBE has PUBLIC as DEFAULT_ROLE, and not SNOWGATE_DEV_PROBE_ROLE$/m,
    ],
    [
      "ALTER USER snowgate_dev_probe SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/other')",
      /^ {2}SNOWGATE_DEV_PROBE does not have the workload identity \S+role\/snowgate-dev-snowflake-probe-function$/m,
    ],
  ]
  for (const [sql] of damages) {
    const damaged = await snowgate(['sql', '--stack', watched.url, sql])
    assert.deepEqual([damaged.code, damaged.stderr], [0, ''])
  }
  const { code, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  for (const [, told] of damages) assert.match(stderr, told)
  assert.deepEqual(stepsIn(stderr, '✓').slice(0, 3), changing.slice(0, 3))
  const { statements, deployments } = watched.asked()
  assert.equal(deployments, 1)
  assert.ok(statements.every((sql) => !/CREATE OR REPLACE \w+ INTEGRATION/.test(sql)))
})

test('an integration that was replaced has another id, which comes to those of the map', async () => {
  await using world = await shutWorld()
  const { access, setup, watched } = world
  assert.equal((await setup('--yes')).code, 0)
  const { stdout } = await snowgate(['setup', 'sql', '--access', access, '--stack', watched.url])
  const replaced = stdout.replace('CREATE API INTEGRATION IF NOT EXISTS', 'CREATE OR REPLACE API INTEGRATION')
  assert.equal((await snowgate(['sql', '--stack', watched.url], { stdin: replaced })).code, 0)
  const { code, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.deepEqual(stepsIn(stderr, '✓').slice(0, 2), ['Trust in access.yml', 'Access map deployed'])
  assert.match(readFileSync(access, 'utf8'), /externalIds:\n(?: {8}- .*\n){2} {8}- ABC12345_SFCRole=2_\S+\n {6}routes/)
})

test('a dry run shows every value and changes nothing, from the first step on', async () => {
  await using world = await shutWorld()
  const { access, setup, watched } = world
  const { code, stdout, stderr } = await setup('--dry-run')
  assert.deepEqual([code, stdout], [0, ''], stderr)
  assert.match(stderr, /API_AWS_ROLE_ARN = 'arn:aws:iam::111111111111:role\/snowgate-dev-snowflake'/)
  assert.match(stderr, /· Trust in access.yml: depends on the steps above/)
  const { statements, deployments } = watched.asked()
  assert.deepEqual([deployments, statements.filter((sql) => !isReading(sql))], [0, []])
  assert.equal(readFileSync(access, 'utf8'), shutMap)

  await setup('--yes')
  writeFileSync(access, shutMap)
  const later = await setup('--dry-run')
  assert.match(later.stderr, new RegExp(`\\+ {7}iamUserArn: ${user}\\n`))
  assert.match(
    later.stderr,
    /= Access map deployed: the door admits/,
    'it sees what the step before would have written',
  )
  assert.equal(readFileSync(access, 'utf8'), shutMap)
})

test('without a yes nothing is done', async () => {
  await using world = await shutWorld()
  const { access, setup, watched } = world
  const { code, stdout, stderr } = await setup()
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /external functions: Not a terminal\.\nReview the changes and pass --yes\.\n$/)
  assert.deepEqual(
    watched.asked().statements.filter((sql) => !isReading(sql)),
    [],
  )
  assert.equal(readFileSync(access, 'utf8'), shutMap)
})

test('with a worksheet: the script by hand, what DESC showed as a file or piped in, and the rest by itself', async () => {
  await using world = await shutWorld()
  const { access, setup, watched } = world
  const script = await snowgate(['setup', 'sql', '--access', access, '--stack', watched.url])
  const ran = await snowgate(['sql', '--stack', watched.url], { stdin: script.stdout })
  assert.equal(ran.code, 0)
  const pasted = join(await temporaryFolder(), 'desc.txt')

  writeFileSync(pasted, ran.stdout.replaceAll(/.*_AWS_EXTERNAL_ID.*\n/g, ''))
  const incomplete = await setup('--yes', '--desc', pasted)
  assert.deepEqual([incomplete.code, incomplete.stdout], [1, ''])
  assert.match(
    incomplete.stderr,
    /Trust in access.yml: No external id found\. Each of the 2 integrations has one.*\nCopy the full output/,
  )
  assert.equal(readFileSync(access, 'utf8'), shutMap)

  writeFileSync(pasted, ran.stdout)
  watched.asked()
  const { code, stdout, stderr } = await setup('--yes', '--desc', pasted)
  assert.equal(code, 0, stderr)
  assert.equal(readFileSync(access, 'utf8'), openMap)
  assert.deepEqual(watched.asked(), { statements: [], deployments: 1 })
  assert.match(stdout, /^Test call: other account \(analytics\) +"Hello, Alice"\n$/)
  const statement = /Test call: external function: in a worksheet: (.*)/.exec(stderr)?.[1] ?? ''
  assert.match((await snowgate(['sql', '--stack', watched.url, statement])).stdout, /"Hello, Alice"/)

  const [again, piped] = [
    await setup('--worksheet'),
    await snowgate(['setup', '--access', access, '--stack', watched.url, '--desc', '-'], { stdin: ran.stdout }),
  ]
  for (const ended of [again, piped]) {
    assert.equal(ended.code, 0, ended.stderr)
    assert.ok(stepsIn(ended.stderr, '=').includes('Trust in access.yml'))
  }
  assert.equal(readFileSync(access, 'utf8'), openMap)

  writeFileSync(access, shutMap)
  const nobody = await setup('--worksheet')
  assert.equal(nobody.code, 2)
  assert.match(nobody.stderr, /Not a terminal\.\nRun the output of snowgate setup sql/)
})

test('a key pair is made, stored and registered on the way, once', async () => {
  await using world = await shutWorld(shutMap.replace('login: workload-identity', 'login: key-pair'))
  const { setup } = world
  const { code, stdout, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  const fingerprint = /✓ Key pair stored and registered: (SHA256:\S+) of SNOWGATE_DEV_PROBE/.exec(stderr)?.[1]
  assert.match(stdout, /"login":"key-pair"/)
  const again = await setup()
  assert.equal(again.code, 0, again.stderr)
  assert.ok(again.stderr.includes(`= Key pair stored and registered: ${fingerprint} of`), again.stderr)
})

test('without external access there is one integration, and no UDF', async () => {
  await using world = await shutWorld()
  const { access, setup, watched } = world
  const { code, stdout, stderr } = await setup('--yes', '--no-external-access', '--json')
  assert.equal(code, 0, stderr)
  const { steps } = JSON.parse(stdout)
  assert.deepEqual(
    steps.map(({ title, outcome }: Record<string, string>) => [title, outcome]),
    [
      ['Stage deployed', 'as it was'],
      ['API integration and external functions', 'changed'],
      ['Snowflake service user', 'changed'],
      ['Trust in access.yml', 'changed'],
      ['Access map deployed', 'changed'],
      ['Key pair stored and registered', 'skipped'],
      ['Test call: external function', 'greeted'],
      ['Test call: other account (analytics)', 'verified'],
      ['Test call: Snowflake login', 'greeted'],
    ],
  )
  assert.doesNotMatch(watched.asked().statements.join('\n'), /SECURITY INTEGRATION/)
  assert.match(readFileSync(access, 'utf8'), /externalIds:\n {8}- \S+\n {6}routes/)
})

test('a caller that the stack does not know yet is deployed first, with its door shut', async () => {
  await using world = await shutWorld()
  const { access, setup } = world
  // The service's own login is to the account of the first caller, which this is not.
  const withoutLogin = shutMap.replace(/ {2}snowflake: \{.*\n/, '').replace(', POST /snowflake-probe', '')
  writeFileSync(access, withoutLogin.replace('    snowflake:   #', '    warehouse:   #'))
  const { code, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.match(
    stderr,
    /→ Stage deployed:\n.*\n\n {2}caller snowflake, gone\n[\s\S]* {2}caller warehouse, new\n {4}\+ its door is shut\n/,
  )
})

let other: WatchedStack
after(() => other?.stop())

const refusals: readonly (readonly [
  claim: string,
  map: string,
  args: readonly string[],
  code: number,
  says: RegExp,
])[] = [
  [
    'nobody listens',
    shutMap,
    ['--stack', 'http://127.0.0.1:9'],
    1,
    /Cannot connect to the local stack at http:\/\/127\.0\.0\.1:9\.\nStart it with/,
  ],
  [
    'another stage',
    shutMap.replace('dev:', 'stg:'),
    ['--stage', 'stg'],
    2,
    /runs stage dev, not stg\.\nPass --stage dev/,
  ],
  ['no such stage', shutMap, ['--stage', 'nowhere'], 1, /has no stage "nowhere"/],
  [
    'no such caller',
    shutMap,
    ['--caller', 'analytics'],
    1,
    /no Snowflake caller "analytics"\.\nAvailable callers: snowflake/,
  ],
  [
    'no Snowflake caller on the map',
    shutMap.replace(/ {4}# Snowflake is not[\s\S]*no more\n/, ''),
    [],
    1,
    /Stage dev has no Snowflake caller\.\nSee docs\/access-map\.md/,
  ],
  [
    'several',
    shutMap.replace('    analytics', '    second: {routes: [POST /hello]}\n    analytics'),
    [],
    2,
    /Snowflake caller: snowflake, second\.\nSelect one/,
  ],
  [
    'a faulty map',
    shutMap.replace('POST /hello', 'PSOT /hello'),
    [],
    1,
    /access\.yml:6:16 {2}dev\.callers\.snowflake\.routes\[0\]: /,
  ],
  ['a connection without --aws', shutMap, ['--connection', 'work'], 2, /--connection goes with --aws/],
  [
    'a connection and a worksheet',
    shutMap,
    ['--aws', '--connection', 'work', '--worksheet'],
    2,
    /--connection cannot be combined with/,
  ],
  ['a file that is not there', shutMap, ['--desc', '/nowhere'], 2, /\/nowhere cannot be read/],
]

test('what cannot be set up is told before anything is done', async (t) => {
  other = (await shutWorld()).watched
  for (const [claim, map, args, code, says] of refusals) {
    await t.test(claim, async () => {
      const access = await newMap(map)
      const ended = await snowgate(['setup', '--yes', '--access', access, '--stack', other.url, ...args])
      assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr)
      assert.match(ended.stderr, says)
      assert.equal(readFileSync(access, 'utf8'), map)
      assert.equal(other.asked().deployments, 0)
    })
  }
})
