import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { copyWithCommandLine, temporaryFolder } from '../../infra/compile.ts'
import { isolatedEnvironment } from '../../run-program.ts'
import { snowgateOf } from '../run-snowgate.ts'
import { type RecordedStack, startRecordedStack } from './recorded-stack.ts'

const pendingMap = `# Who may call.
dev:
  callers:
    # Snowflake is not known yet.
    snowflake:   # pending
      routes: [POST /hello, GET /hello, POST /snowflake-probe]   # and no more
    analytics:
      principals: [ "arn:aws:iam::222222222222:role/LambdaRoleDeve" ]
      routes: [POST /hello]
  snowflake: { account: myorg-myaccount, login: workload-identity }
`
const user = 'arn:aws:iam::999999999999:user/abcd-s-example'
const ids = ['ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=', 'ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq=']
const trustedMap = pendingMap.replace(
  '      routes: [POST /hello, GET /hello, POST /snow',
  `      iamUserArn: ${user}\n      externalIds:\n${ids.map((id) => `        - ${id}\n`).join('')}      routes: [POST /hello, GET /hello, POST /snow`,
)

let root: string
let snowgate: ReturnType<typeof snowgateOf>
before(async () => {
  root = await copyWithCommandLine()
  snowgate = snowgateOf(root)
})

const newMap = async (text = pendingMap): Promise<string> => {
  const path = join(await temporaryFolder(), 'access.yml')
  writeFileSync(path, text)
  return path
}

const packaged = new Map<string, Promise<string>>()

/** A stack with a pending caller, packaged once for all tests, and the command for it with its own copy of the map. */
const startPendingStack = async (text = pendingMap) => {
  const deployed = packaged.get(text) ?? newMap(text)
  packaged.set(text, deployed)
  const recorded = await startRecordedStack(await deployed)
  const access = await newMap(text)
  const setup = (...args: string[]) => snowgate(['setup', '--access', access, '--stack', recorded.url, ...args])
  return { access, recorded, setup, [Symbol.asyncDispose]: recorded.stop }
}

/** The step lines of a run, by their marks. */
const stepsIn = (stderr: string, mark: string): readonly string[] =>
  stderr.split('\n').flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(2).split(': ')[0] ?? ''] : []))

const changedSteps = [
  'API integration and external functions',
  'External access integration and Python functions',
  'Snowflake service user',
  'Trust in access.yml',
  'Access map deployed',
]

/** Without the line of the Python function: the machine may have no Python. */
const stdoutWithoutUdf = (stdout: string) =>
  stdout.split('\n').filter((line) => !line.startsWith('Test call: Python function'))

const isReading = (sql: string) => /^(DESC|SHOW|SELECT|USE ROLE)\b/.test(sql)

test('one run sets up everything and verifies it; a second run changes nothing', async () => {
  await using pending = await startPendingStack()
  const { access, setup, recorded } = pending
  const { code, stdout, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.deepEqual(stepsIn(stderr, '=')[0], 'Stage deployed')
  assert.deepEqual(stepsIn(stderr, '✓').slice(0, 5), changedSteps)
  const [external, other, probe, ...rest] = stdoutWithoutUdf(stdout)
  assert.match(external ?? '', /^Test call: external function +"Hello, Alice"$/)
  assert.match(other ?? '', /^Test call: other account \(analytics\) +"Hello, Alice"$/)
  assert.match(probe ?? '', /^Test call: Snowflake login +\{"user":"SNOWGATE_DEV_PROBE",.*"login":"workload-identity"/)
  assert.deepEqual(rest, [''])
  assert.match(
    stderr,
    /^✓ Test call: Python function: Hello, Alice$|^· Test call: Python function: .*does not have .*python/im,
  )
  assert.equal(readFileSync(access, 'utf8'), trustedMap)
  assert.equal(recorded.takeRequests().deployments, 1)

  const { mtimeMs } = statSync(access)
  const again = await setup()
  assert.equal(again.code, 0, again.stderr)
  assert.deepEqual(stdoutWithoutUdf(again.stdout).slice(0, 2), [external, other])
  assert.deepEqual(stepsIn(again.stderr, '='), ['Stage deployed', ...changedSteps])
  assert.deepEqual([readFileSync(access, 'utf8'), statSync(access).mtimeMs], [trustedMap, mtimeMs])
  const { statements, deployments } = recorded.takeRequests()
  assert.deepEqual([deployments, statements.filter((sql) => !isReading(sql))], [0, []])
  assert.ok(statements.length > 5)
})

test('killed after any step, the same command resumes', async () => {
  await using pending = await startPendingStack()
  const { access, setup, recorded } = pending
  const seen: string[] = []
  for (const step of changedSteps) {
    const stderr = await killedAfter(step, ['setup', '--yes', '--access', access, '--stack', recorded.url])
    seen.push(...stepsIn(stderr, '✓').filter((title) => changedSteps.includes(title)))
  }
  const { code, stdout, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /"Hello, Alice"/)
  assert.equal(readFileSync(access, 'utf8'), trustedMap)
  assert.deepEqual(seen, changedSteps, 'each step was applied once')
  assert.equal(recorded.takeRequests().statements.filter((sql) => /CREATE API INTEGRATION/.test(sql)).length, 1)
})

const killedAfter = (step: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'cli', 'main.ts'), ...args], { env: isolatedEnvironment })
    let output = ''
    child.stderr.on('data', (chunk) => {
      output += chunk
      if (output.includes(`✓ ${step}`)) child.kill('SIGKILL')
    })
    child.once('close', () => resolve(output))
  })

test('objects that are missing or changed are repaired', async () => {
  await using pending = await startPendingStack()
  const { setup, recorded } = pending
  assert.equal((await setup('--yes')).code, 0)
  const damages: readonly (readonly [sql: string, message: RegExp])[] = [
    [
      'REVOKE USAGE ON FUNCTION snowgate.dev.hello(VARCHAR) FROM ROLE snowgate_dev_snowflake',
      /^ {2}SNOWGATE_DEV_SNOWFLAKE lacks USAGE on "SNOWGATE"\."DEV"\."HELLO"\(VARCHAR\)$/m,
    ],
    [
      'DROP FUNCTION snowgate.dev.hello_udf(VARCHAR)',
      /^ {2}"SNOWGATE"\."DEV"\."HELLO_UDF"\(VARCHAR\) does not exist$/m,
    ],
    [
      "ALTER API INTEGRATION snowgate_dev_snowflake_api SET API_AWS_ROLE_ARN = 'arn:aws:iam::111111111111:role/other'",
      /^ {2}SNOWGATE_DEV_SNOWFLAKE_API has AWS_ROLE_ARN arn:aws:iam::111111111111:role\/other$/m,
    ],
    [
      'ALTER USER snowgate_dev_probe SET DEFAULT_ROLE = PUBLIC',
      /^ {2}SNOWGATE_DEV_PROBE has DEFAULT_ROLE PUBLIC, expected SNOWGATE_DEV_PROBE_ROLE$/m,
    ],
    [
      "ALTER USER snowgate_dev_probe SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/other')",
      /^ {2}SNOWGATE_DEV_PROBE does not have the workload identity \S+role\/snowgate-dev-snowflake-probe-function$/m,
    ],
  ]
  for (const [sql] of damages) {
    const damaged = await snowgate(['sql', '--stack', recorded.url, sql])
    assert.deepEqual([damaged.code, damaged.stderr], [0, ''])
  }
  const { code, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  for (const [, message] of damages) assert.match(stderr, message)
  assert.deepEqual(stepsIn(stderr, '✓').slice(0, 3), changedSteps.slice(0, 3))
  const { statements, deployments } = recorded.takeRequests()
  assert.equal(deployments, 1)
  assert.ok(statements.every((sql) => !/CREATE OR REPLACE \w+ INTEGRATION/.test(sql)))
})

test('the external id of a replaced integration is added to the map', async () => {
  await using pending = await startPendingStack()
  const { access, setup, recorded } = pending
  assert.equal((await setup('--yes')).code, 0)
  const { stdout } = await snowgate(['setup', 'sql', '--access', access, '--stack', recorded.url])
  const replaced = stdout.replace('CREATE API INTEGRATION IF NOT EXISTS', 'CREATE OR REPLACE API INTEGRATION')
  assert.equal((await snowgate(['sql', '--stack', recorded.url], { stdin: replaced })).code, 0)
  const { code, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.deepEqual(stepsIn(stderr, '✓').slice(0, 2), ['Trust in access.yml', 'Access map deployed'])
  assert.match(readFileSync(access, 'utf8'), /externalIds:\n(?: {8}- .*\n){2} {8}- ABC12345_SFCRole=2_\S+\n {6}routes/)
})

test('a dry run shows every value and changes nothing', async () => {
  await using pending = await startPendingStack()
  const { access, setup, recorded } = pending
  const { code, stdout, stderr } = await setup('--dry-run')
  assert.deepEqual([code, stdout], [0, ''], stderr)
  assert.match(stderr, /API_AWS_ROLE_ARN = 'arn:aws:iam::111111111111:role\/snowgate-dev-snowflake'/)
  assert.match(stderr, /· Trust in access.yml: depends on the steps above/)
  const { statements, deployments } = recorded.takeRequests()
  assert.deepEqual([deployments, statements.filter((sql) => !isReading(sql))], [0, []])
  assert.equal(readFileSync(access, 'utf8'), pendingMap)

  await setup('--yes')
  writeFileSync(access, pendingMap)
  const later = await setup('--dry-run')
  assert.match(later.stderr, new RegExp(`\\+ {7}iamUserArn: ${user}\\n`))
  assert.match(
    later.stderr,
    /= Access map deployed: caller role trusts/,
    'a dry run includes the effect of the previous step',
  )
  assert.equal(readFileSync(access, 'utf8'), pendingMap)
})

test('without --yes nothing is applied', async () => {
  await using pending = await startPendingStack()
  const { access, setup, recorded } = pending
  const { code, stdout, stderr } = await setup()
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /external functions: Not a terminal\.\nReview the changes and pass --yes\.\n$/)
  assert.deepEqual(
    recorded.takeRequests().statements.filter((sql) => !isReading(sql)),
    [],
  )
  assert.equal(readFileSync(access, 'utf8'), pendingMap)
})

test('with a worksheet: the script run manually, its DESC output from a file or a pipe', async () => {
  await using pending = await startPendingStack()
  const { access, setup, recorded } = pending
  const script = await snowgate(['setup', 'sql', '--access', access, '--stack', recorded.url])
  const ran = await snowgate(['sql', '--stack', recorded.url], { stdin: script.stdout })
  assert.equal(ran.code, 0)
  const pasted = join(await temporaryFolder(), 'desc.txt')

  writeFileSync(pasted, ran.stdout.replaceAll(/.*_AWS_EXTERNAL_ID.*\n/g, ''))
  const incomplete = await setup('--yes', '--desc', pasted)
  assert.deepEqual([incomplete.code, incomplete.stdout], [1, ''])
  assert.match(
    incomplete.stderr,
    /Trust in access.yml: No external id found\. Each of the 2 integrations has one.*\nCopy the full output/,
  )
  assert.equal(readFileSync(access, 'utf8'), pendingMap)

  writeFileSync(pasted, ran.stdout)
  recorded.takeRequests()
  const { code, stdout, stderr } = await setup('--yes', '--desc', pasted)
  assert.equal(code, 0, stderr)
  assert.equal(readFileSync(access, 'utf8'), trustedMap)
  assert.deepEqual(recorded.takeRequests(), { statements: [], deployments: 1 })
  assert.match(stdout, /^Test call: other account \(analytics\) +"Hello, Alice"\n$/)
  const statement = /Test call: external function: run in a worksheet: (.*)/.exec(stderr)?.[1] ?? ''
  assert.match((await snowgate(['sql', '--stack', recorded.url, statement])).stdout, /"Hello, Alice"/)

  const [again, piped] = [
    await setup('--worksheet'),
    await snowgate(['setup', '--access', access, '--stack', recorded.url, '--desc', '-'], { stdin: ran.stdout }),
  ]
  for (const ended of [again, piped]) {
    assert.equal(ended.code, 0, ended.stderr)
    assert.ok(stepsIn(ended.stderr, '=').includes('Trust in access.yml'))
  }
  assert.equal(readFileSync(access, 'utf8'), trustedMap)

  writeFileSync(access, pendingMap)
  const withoutTerminal = await setup('--worksheet')
  assert.equal(withoutTerminal.code, 2)
  assert.match(withoutTerminal.stderr, /Not a terminal\.\nRun the output of snowgate setup sql/)
})

test('a key pair is created, stored and registered once', async () => {
  await using pending = await startPendingStack(pendingMap.replace('login: workload-identity', 'login: key-pair'))
  const { setup } = pending
  const { code, stdout, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  const fingerprint = /✓ Key pair stored and registered: (SHA256:\S+) of SNOWGATE_DEV_PROBE/.exec(stderr)?.[1]
  assert.match(stdout, /"login":"key-pair"/)
  const again = await setup()
  assert.equal(again.code, 0, again.stderr)
  assert.ok(again.stderr.includes(`= Key pair stored and registered: ${fingerprint} of`), again.stderr)
})

test('without external access there is one integration, and no UDF', async () => {
  await using pending = await startPendingStack()
  const { access, setup, recorded } = pending
  const { code, stdout, stderr } = await setup('--yes', '--no-external-access', '--json')
  assert.equal(code, 0, stderr)
  const { steps } = JSON.parse(stdout)
  assert.deepEqual(
    steps.map(({ title, outcome }: Record<string, string>) => [title, outcome]),
    [
      ['Stage deployed', 'unchanged'],
      ['API integration and external functions', 'changed'],
      ['Snowflake service user', 'changed'],
      ['Trust in access.yml', 'changed'],
      ['Access map deployed', 'changed'],
      ['Key pair stored and registered', 'skipped'],
      ['Test call: external function', 'verified'],
      ['Test call: other account (analytics)', 'verified'],
      ['Test call: Snowflake login', 'verified'],
    ],
  )
  assert.doesNotMatch(recorded.takeRequests().statements.join('\n'), /SECURITY INTEGRATION/)
  assert.match(readFileSync(access, 'utf8'), /externalIds:\n {8}- \S+\n {6}routes/)
})

test('a caller that is not deployed yet is deployed first, pending', async () => {
  await using pending = await startPendingStack()
  const { access, setup } = pending
  // The service's own login is to the account of the first caller, which this is not.
  const withoutLogin = pendingMap.replace(/ {2}snowflake: \{.*\n/, '').replace(', POST /snowflake-probe', '')
  writeFileSync(access, withoutLogin.replace('    snowflake:   #', '    warehouse:   #'))
  const { code, stderr } = await setup('--yes')
  assert.equal(code, 0, stderr)
  assert.match(
    stderr,
    /→ Stage deployed:\n.*\n\n {2}caller snowflake, gone\n[\s\S]* {2}caller warehouse, new\n {4}\+ pending: disabled until the IAM user is known\n/,
  )
})

let other: RecordedStack
after(() => other?.stop())

const rejections: readonly (readonly [
  claim: string,
  map: string,
  args: readonly string[],
  code: number,
  message: RegExp,
])[] = [
  [
    'no stack',
    pendingMap,
    ['--stack', 'http://127.0.0.1:9'],
    1,
    /Cannot connect to the local stack at http:\/\/127\.0\.0\.1:9\.\nStart it with/,
  ],
  [
    'a stage that the stack does not run',
    pendingMap.replace('dev:', 'stg:'),
    ['--stage', 'stg'],
    2,
    /runs stage dev, not stg\.\nPass --stage dev/,
  ],
  ['no such stage', pendingMap, ['--stage', 'nowhere'], 1, /has no stage "nowhere"/],
  [
    'no such caller',
    pendingMap,
    ['--caller', 'analytics'],
    1,
    /no Snowflake caller "analytics"\.\nAvailable callers: snowflake/,
  ],
  [
    'no Snowflake caller on the map',
    pendingMap.replace(/ {4}# Snowflake is not[\s\S]*no more\n/, ''),
    [],
    1,
    /Stage dev has no Snowflake caller\.\nSee docs\/access-map\.md/,
  ],
  [
    'several Snowflake callers',
    pendingMap.replace('    analytics', '    second: {routes: [POST /hello]}\n    analytics'),
    [],
    2,
    /Snowflake caller: snowflake, second\.\nSelect one/,
  ],
  [
    'a faulty map',
    pendingMap.replace('POST /hello', 'PSOT /hello'),
    [],
    1,
    /access\.yml:6:16 {2}dev\.callers\.snowflake\.routes\[0\]: /,
  ],
  ['a connection without --aws', pendingMap, ['--connection', 'work'], 2, /--connection requires --aws\./],
  [
    'a connection and a worksheet',
    pendingMap,
    ['--aws', '--connection', 'work', '--worksheet'],
    2,
    /--connection cannot be combined with/,
  ],
  ['a missing file', pendingMap, ['--desc', '/nowhere'], 2, /Cannot read \/nowhere\./],
]

test('invalid input is rejected before anything is deployed', async (t) => {
  other = (await startPendingStack()).recorded
  for (const [claim, map, args, code, message] of rejections) {
    await t.test(claim, async () => {
      const access = await newMap(map)
      const ended = await snowgate(['setup', '--yes', '--access', access, '--stack', other.url, ...args])
      assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr)
      assert.match(ended.stderr, message)
      assert.equal(readFileSync(access, 'utf8'), map)
      assert.equal(other.takeRequests().deployments, 0)
    })
  }
})
