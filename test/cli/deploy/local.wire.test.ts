import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { copyWithCommandLine, temporaryFolder } from '../../infra/compile.ts'
import { type RunningStack, runningStack } from '../../local/running-stack.ts'
import { serviceMap } from '../../service-map.ts'
import { snowgateOf } from '../run-snowgate.ts'

const writeMap = async (callers: string): Promise<string> => {
  const path = join(await temporaryFolder(), 'access.yml')
  await writeFile(path, `dev:\n  callers:\n${callers}`)
  return path
}

const analytics = `    analytics:
      principals: [arn:aws:iam::222222222222:role/LambdaRoleDeve]
      routes: [POST /hello]
`
const partner = `    partner:
      principals: [arn:aws:iam::777777777777:role/Partner]
      externalIds: [partner-1]
      routes: [POST /hello]
`
const snowflake = '    snowflake:\n      routes: [POST /hello, GET /hello]\n'

let stack: RunningStack
let snowgate: ReturnType<typeof snowgateOf>

before(async () => {
  stack = await runningStack({ accessMap: await writeMap(analytics) })
  snowgate = snowgateOf(await copyWithCommandLine())
})
after(() => stack.stop())

const deploy = (...args: string[]) => snowgate(['deploy', '--local', '--stack', stack.url, ...args])

const partnerIsNew = [
  '  caller partner, new',
  '  ! + arn:aws:iam::777777777777:role/Partner may assume the caller role',
  '    + external id partner-1',
  '  ! + POST /hello',
  '',
  '! 2 changes grant access.',
].join('\n')

test('a new caller is shown, and without --yes nothing changes', async () => {
  const access = await writeMap(analytics + partner)
  const before = await stack.describe()
  const { code, stdout, stderr } = await deploy('--stage', 'dev', '--access', access)
  assert.deepEqual([code, stdout], [2, ''])
  assert.ok(stderr.includes(`(the local stack at ${stack.url}):\n\n${partnerIsNew}\n`), stderr)
  assert.ok(stderr.endsWith('snowgate: Not a terminal.\nReview the changes and pass --yes.\n'), stderr)
  assert.deepEqual(await stack.describe(), before)
})

test('a dry run prints the changes, as text and as JSON, and changes nothing', async () => {
  const access = await writeMap(analytics + partner)
  const before = await stack.describe()
  const dryRun = await deploy('--stage', 'dev', '--access', access, '--dry-run')
  assert.deepEqual([dryRun.code, dryRun.stdout], [0, ''])
  assert.ok(dryRun.stderr.endsWith(`):\n\n${partnerIsNew}\n`), dryRun.stderr)
  const { code, stdout } = await deploy('--stage', 'dev', '--access', access, '--dry-run', '--json')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(stdout), {
    stage: 'dev',
    changes: [
      {
        kind: 'caller',
        name: 'partner',
        state: 'new',
        changes: [
          {
            sign: '+',
            summary: 'arn:aws:iam::777777777777:role/Partner may assume the caller role',
            grantsAccess: true,
          },
          { sign: '+', summary: 'external id partner-1', grantsAccess: false },
          { sign: '+', summary: 'POST /hello', grantsAccess: true },
        ],
      },
    ],
    deployed: null,
  })
  assert.deepEqual(await stack.describe(), before)
})

test('--yes deploys, and the printed command of each caller succeeds', async () => {
  const access = await writeMap(analytics + partner + snowflake)
  const { code, stdout, stderr } = await deploy('--stage', 'dev', '--access', access, '--yes')
  assert.equal(code, 0, stderr)
  const { apiUrl, accessMap } = await stack.describe()
  assert.equal(accessMap, access)
  assert.equal(
    stdout,
    [
      '\nDeployed.\n',
      `  API                       ${apiUrl}`,
      '  caller role of analytics  arn:aws:iam::111111111111:role/snowgate-dev-analytics',
      '  caller role of partner    arn:aws:iam::111111111111:role/snowgate-dev-partner',
      '  caller role of snowflake  arn:aws:iam::111111111111:role/snowgate-dev-snowflake',
      '\nNext:\n',
      '  analytics:',
      `    npx snowgate call --as analytics POST /hello -d '{"name":"Alice"}' --stack ${stack.url}`,
      '  partner:',
      `    npx snowgate call --as partner POST /hello -d '{"name":"Alice"}' --stack ${stack.url}`,
      '  snowflake:',
      `    npx snowgate setup --stage dev --caller snowflake --access ${access} --stack ${stack.url}`,
      '',
    ].join('\n'),
  )
  for (const caller of ['analytics', 'partner']) {
    const response = await snowgate([
      'call',
      '--as',
      caller,
      'POST',
      '/hello',
      '-d',
      '{"name":"Alice"}',
      '--stack',
      stack.url,
    ])
    assert.deepEqual([response.code, response.stdout], [0, '"Hello, Alice"'], response.stderr)
  }
  const setup = ['setup', '--stage', 'dev', '--caller', 'snowflake', '--access', access, '--stack', stack.url]
  const setUp = await snowgate([...setup, '--dry-run'])
  assert.equal(setUp.code, 0, setUp.stderr)

  const again = await deploy('--stage', 'dev', '--access', access, '--json')
  assert.equal(again.code, 0, 'what changes nothing asks nobody')
  assert.match(again.stderr, /No access changes for stage .*\.\n/)
  assert.deepEqual(JSON.parse(again.stdout).changes, [])
})

test('changes are relative to the deployed map, not to the file it came from', async () => {
  const access = await writeMap(analytics)
  assert.equal((await deploy('--stage', 'dev', '--access', access, '--yes')).code, 0)
  await writeFile(access, `dev:\n  callers:\n${analytics}${partner}`)
  const { stderr } = await deploy('--stage', 'dev', '--access', access, '--dry-run')
  assert.ok(stderr.includes(partnerIsNew), stderr)
})

const failures: readonly (readonly [
  what: string,
  args: readonly string[] | (() => Promise<readonly string[]>),
  code: number,
  message: RegExp,
])[] = [
  [
    'a stage that the stack does not run',
    ['--stage', 'stg', '--access', serviceMap],
    ...([
      2,
      /runs stage dev, not stg\.\nPass --stage dev, or start another stack: npx snowgate start --stage stg/,
    ] as const),
  ],
  [
    'a region that the stack does not run in',
    ['--stage', 'dev', '--region', 'us-east-1'],
    ...([2, /runs in region eu-central-1, not us-east-1\.\nOmit --region, or start another/] as const),
  ],
  ['--local with --profile', ['--stage', 'dev', '--profile', 'work'], 2, /--local and --profile cannot be combined/],
  ['no stage', [], 2, /required option '--stage <name>' not specified/],
  [
    'a faulty map',
    async () => ['--stage', 'dev', '--access', await writeMap('    a: {routes: [POST /helo]}\n')],
    ...([1, /access\.yml:3:\d+ {2}dev\.callers\.a\.routes\[0\]: .*write "POST \/hello"/] as const),
  ],
  [
    'no stack',
    ['--stage', 'dev', '--stack', 'http://127.0.0.1:9'],
    1,
    /Cannot connect to the local stack at http:\/\/127\.0\.0\.1:9\.\nStart/,
  ],
]

for (const [what, args, code, message] of failures) {
  test(`${what} fails before anything is packaged`, async () => {
    const ended = await deploy(...(typeof args === 'function' ? await args() : args))
    assert.deepEqual([ended.code, ended.stdout], [code, ''])
    assert.match(ended.stderr, message)
    assert.doesNotMatch(ended.stderr, /Packaging/)
  })
}
