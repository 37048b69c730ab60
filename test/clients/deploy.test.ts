import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cp, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { bundle, deploymentPackage } from '../../infra/bundle/bundle-function.ts'
import { readAccessMap, stageDocument, stageDocumentKey, stageOf } from '../../shared/access/index.ts'
import { snowgateOf } from '../cli/run-snowgate.ts'
import { copyWithCommandLine, temporaryFolder } from '../infra/compile.ts'
import { type ProgramResult, runProgram } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'
import { startMoto } from './moto-server.ts'
import { preparePython, pythonBin } from './python-environment.ts'

/*
 * A real `osls deploy`, by `snowgate deploy`, against moto, a third-party imitation of AWS. moto differs from AWS:
 * - it checks no signature, no permission, and not whether the principals of a trust policy exist;
 * - it ignores the policy of a REST API, the architecture of functions, and the policy and public access
 *   block of the bucket: these are asserted on the submitted template;
 * - an update changes neither the trust nor the policies of an existing role, and removes an API whose policy changes, so
 *   that its URL is unknown. New and removed resources are correct. A third deployment would fail.
 */

const account = '123456789012' // moto's
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`

interface Role {
  readonly path: string
  readonly trust: { readonly Statement: readonly Readonly<Record<string, unknown>>[] }
  readonly policies: Readonly<Record<string, { readonly Statement: readonly Readonly<Record<string, unknown>>[] }>>
}

/** The output of deployed.py. */
interface Account {
  readonly stack: string
  readonly template: {
    readonly Metadata: Readonly<Record<string, unknown>>
    readonly Resources: Readonly<Record<string, { readonly Properties: Readonly<Record<string, unknown>> }>>
  }
  readonly roles: Readonly<Record<string, Role>>
  readonly apis: Readonly<
    Record<
      string,
      { readonly methods: readonly string[][]; readonly stages: readonly { name: string; deployment: string }[] }
    >
  >
  readonly functions: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly buckets: readonly string[]
}

let root: string
let moto: Awaited<ReturnType<typeof startMoto>>
let env: Readonly<Record<string, string>>

before(async () => {
  preparePython()
  moto = await startMoto()
  root = await copyWithCommandLine()
  await cp(serviceMap, join(root, 'access.yml'))
  env = {
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: 'eu-central-1',
    HOME: await temporaryFolder(),
  }
})
after(() => moto.stop())

const snowgate = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<ProgramResult> =>
  snowgateOf(root)(args, { env: { ...env, ...more } })

/** The same at a terminal, with an answer to the question. */
const runAtTerminal = (question: string, answer: string, ...args: string[]): Promise<ProgramResult> =>
  runProgram(
    join(pythonBin, 'python'),
    [
      join(import.meta.dirname, 'python/terminal.py'),
      question,
      answer,
      process.execPath,
      join(root, 'cli/main.ts'),
      ...args,
    ],
    { env: { ...env, NO_COLOR: '1' } },
  )

const readAccount = async (): Promise<Account> => {
  const script = join(import.meta.dirname, 'python/deployed.py')
  const { code, stdout, stderr } = await runProgram(join(pythonBin, 'python'), [script, 'snowgate-dev'], { env })
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as Account // as the script writes it
}

const names = (record: object) => Object.keys(record).sort()

let apiId: string

test('a first deployment: all changes are new, and the resources are those of the template', async () => {
  const { code, stdout, stderr } = await snowgate(['deploy', '--stage', 'dev', '--yes', '--json'], {
    // With cfn-lint, which is used if it is installed.
    PATH: [pythonBin, process.env['PATH']].join(delimiter),
  })
  assert.equal(code, 0, stderr)
  assert.match(stderr, /^cfn-lint found no problems in the template\.$/m)
  assert.match(stderr, /First deployment for stage \w+ \(account 123456789012 in eu-central-1, as \S+\)/)
  assert.match(
    stderr,
    /^ {2}caller analytics, new\n {2}! \+ arn:aws:iam::222222222222:role\/LambdaRoleDeve may assume the caller role\n/m,
  )
  assert.match(stderr, /^ {2}✔ Service deployed to stack snowgate-dev/m)
  const output = JSON.parse(stdout)
  assert.ok(output.changes.every(({ state }: { state: string }) => state === 'new'))

  const deployed = await readAccount()
  assert.equal(deployed.stack, 'UPDATE_COMPLETE')
  const [id = ''] = Object.keys(deployed.apis)
  apiId = id
  assert.deepEqual(output.deployed, {
    accountId: account,
    region: 'eu-central-1',
    apiUrl: `https://${apiId}.execute-api.eu-central-1.amazonaws.com/dev`,
    callerRoles: { snowflake: roleArn('snowgate-dev-snowflake'), analytics: roleArn('snowgate-dev-analytics') },
  })
  const stage = stageOf(readAccessMap(join(root, 'access.yml')), 'dev')
  assert.deepEqual(deployed.template.Metadata[stageDocumentKey], JSON.parse(JSON.stringify(stageDocument(stage))))
})

test('its roles have no path, and the principals, external ids and routes of the access map', async () => {
  const { roles } = await readAccount()
  assert.deepEqual(names(roles), [
    'snowgate-dev-analytics',
    'snowgate-dev-hello-function',
    'snowgate-dev-invoke-function',
    'snowgate-dev-snowflake',
    'snowgate-dev-snowflake-probe-function',
  ])
  for (const { path } of Object.values(roles)) assert.equal(path, '/')
  const invoke = (route: string) => `arn:aws:execute-api:eu-central-1:${account}:${apiId}/dev/${route}`
  assert.deepEqual(roles['snowgate-dev-snowflake']?.trust.Statement, [
    {
      Sid: 'AssumeCallerRole',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::999999999999:user/abcd-s-example'] },
      Action: 'sts:AssumeRole',
      Condition: {
        StringEquals: {
          'sts:ExternalId': [
            'ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=',
            'ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq=',
          ],
        },
      },
    },
  ])
  assert.deepEqual(roles['snowgate-dev-analytics']?.policies['routes']?.Statement, [
    {
      Sid: 'CallRoutes',
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: ['POST/hello', 'PUT/hello', 'GET/hello', 'POST/invoke', 'POST/snowflake-probe'].map(invoke),
    },
    {
      Sid: 'InvokeFunctions',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: [`arn:aws:lambda:eu-central-1:${account}:function:snowgate-dev-hello`],
    },
  ])
  assert.deepEqual(roles['snowgate-dev-invoke-function']?.policies['targets']?.Statement, [
    {
      Sid: 'AssumeTargetRoles',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
      Resource: ['arn:aws:iam::333333333333:role/NeptuneReader', 'arn:aws:iam::555555555555:role/OrdersClient'],
    },
  ])
})

test('every method of its API requires a signature, in one stage, with a policy that denies all others', async () => {
  const { apis, template } = await readAccount()
  const uri = (name: string) =>
    `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:${account}:function:snowgate-dev-${name}/invocations`
  const methods = ['GET /hello', 'POST /hello', 'PUT /hello', 'POST /invoke', 'POST /snowflake-probe'].map((route) => {
    const [method = '', path = ''] = route.split(' ')
    return [method, path, 'AWS_IAM', uri(path.slice(1))]
  })
  const api = apis[apiId] ?? assert.fail()
  assert.deepEqual([...api.methods].sort(), methods.sort())
  assert.deepEqual(
    api.stages.map(({ name }) => name),
    ['dev'],
  )
  const { Policy } = template.Resources['ApiGatewayRestApi']?.Properties ?? {}
  const { Statement } = Policy as { Statement: { Sid: string; Effect: string }[] } // as infra/template/resource-policy.ts derives it
  assert.deepEqual(
    Statement.map(({ Sid, Effect }) => `${Effect} ${Sid}`),
    ['Allow AllowSnowflake', 'Allow AllowAnalytics', 'Allow AllowReporting', 'Deny DenyAllOthers'],
  )
})

test('its functions have the packaged zips, and only their methods may invoke them', async () => {
  const { functions } = await readAccount()
  assert.deepEqual(names(functions), ['snowgate-dev-hello', 'snowgate-dev-invoke', 'snowgate-dev-snowflake-probe'])
  const from = (route: string) => [
    { Service: 'apigateway.amazonaws.com' },
    `arn:aws:execute-api:eu-central-1:${account}:${apiId}/dev/${route}`,
  ]
  const { code, invokers, ...hello } = functions['snowgate-dev-hello'] ?? {}
  assert.deepEqual(hello, {
    runtime: 'nodejs24.x',
    handler: 'functions/hello/handler.handler',
    role: roleArn('snowgate-dev-hello-function'),
    variables: [],
  })
  const zip = deploymentPackage(await bundle(root, 'functions/hello/handler'))
  assert.equal(code, createHash('sha256').update(zip).digest('base64'))
  assert.deepEqual(invokers, ['POST/hello', 'GET/hello', 'PUT/hello'].map(from))
  assert.deepEqual(functions['snowgate-dev-invoke']?.['variables'], ['TARGETS'])
})

test('the same access map has no access changes', async () => {
  const { code, stdout, stderr } = await snowgate(['deploy', '--stage', 'dev', '--dry-run', '--json'])
  assert.equal(code, 0, stderr)
  assert.deepEqual(JSON.parse(stdout), { stage: 'dev', changes: [], deployed: null })
  assert.match(stderr, /No access changes for stage .*\.\n$/)
})

/** The access map of the tests with another caller, one caller and function less, and another trusted principal. */
const changedMap = async (): Promise<string> => {
  const path = join(await temporaryFolder(), 'access.yml')
  await writeFile(
    path,
    `dev:
  callers:
    snowflake:
      iamUserArn: arn:aws:iam::888888888888:user/wxyz-s-other
      externalIds: [OTHER_SFCRole=1_other=]
      routes: [POST /hello, GET /hello]
    partner:
      principals: [arn:aws:iam::777777777777:role/Partner]
      externalIds: [partner-1]
      routes: [POST /hello]
`,
  )
  return path
}

const expectedDiff = `
  caller snowflake
  ! + arn:aws:iam::888888888888:user/wxyz-s-other may assume the caller role
  ! + external id OTHER_SFCRole=1_other=
    - arn:aws:iam::999999999999:user/abcd-s-example may assume the caller role
    - external id ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=
    - external id ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq=
    - POST /invoke
    - POST /snowflake-probe
  caller analytics, gone
`

test('another access map: the changes are shown and must be confirmed; no changes nothing, yes deploys', async () => {
  const access = await changedMap()
  const before = await readAccount()
  const args = ['deploy', '--stage', 'dev', '--access', access]

  const declined = await runAtTerminal('Deploy this? [y/N]', 'n', ...args)
  const declinedOutput = declined.stdout
  assert.equal(declined.code, 1, declinedOutput)
  assert.ok(declinedOutput.includes(`):\n${expectedDiff}`), declinedOutput)
  assert.match(
    declinedOutput,
    /\n {2}caller partner, new\n {2}! \+ arn:aws:iam::777777777777:role\/Partner may assume the caller role\n/,
  )
  assert.match(declinedOutput, /Deploy this\? \[y\/N\] n\nsnowgate: Nothing was changed\.\n$/)
  assert.deepEqual(await readAccount(), before)

  const confirmed = await runAtTerminal('Deploy this? [y/N]', 'y', ...args)
  const output = confirmed.stdout
  assert.equal(confirmed.code, 0, output)
  assert.match(
    output,
    /\nDeployed\.\n\n {2}caller role of snowflake {2}\S+\/snowgate-dev-snowflake\n {2}caller role of partner {4}\S+/,
  )
  assert.match(
    output,
    /npx snowgate call POST https:\/\/<api>\S+\/dev\/hello -d '\{"name":"Alice"\}' --profile <profile of partner> --role-arn arn:aws:iam::123456789012:role\/snowgate-dev-partner --external-id partner-1/,
  )
  // See above: moto removes the API. The deployment still counts as successful.
  assert.match(output, /Deployed\. The API URL is unknown: the stack has no ApiGatewayRestApi resource\./)

  const deployed = await readAccount()
  assert.deepEqual(names(deployed.roles), [
    'snowgate-dev-hello-function',
    'snowgate-dev-partner',
    'snowgate-dev-snowflake',
  ])
  assert.deepEqual(deployed.roles['snowgate-dev-partner']?.trust.Statement, [
    {
      Sid: 'AssumeCallerRole',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::777777777777:role/Partner'] },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': ['partner-1'] } },
    },
  ])
  assert.deepEqual(names(deployed.functions), ['snowgate-dev-hello'])
  const [stage, ...others] = deployed.apis[apiId]?.stages ?? []
  assert.deepEqual(others, [])
  assert.notEqual(stage?.deployment, before.apis[apiId]?.stages[0]?.deployment, 'the new policy is served')
  const changed = stageOf(readAccessMap(access), 'dev')
  assert.deepEqual(deployed.template.Metadata[stageDocumentKey], JSON.parse(JSON.stringify(stageDocument(changed))))
})

test('remove shows the lost access, requires the name of the stage, and removes everything', async () => {
  const withoutTerminal = await snowgate(['remove', '--stage', 'dev'])
  assert.deepEqual([withoutTerminal.code, withoutTerminal.stdout], [2, ''])
  const declined = await runAtTerminal('Type the stage name (dev) to remove it:', 'prod', 'remove', '--stage', 'dev')
  assert.equal(declined.code, 1)
  assert.match(
    declined.stdout,
    /caller partner, gone\n {4}- arn:aws:iam::777777777777:role\/Partner may assume the caller role\n/,
  )
  assert.match(declined.stdout, /Nothing was changed/)
  assert.equal((await readAccount()).stack, 'UPDATE_COMPLETE')

  // remove does not read the access map: the stage may no longer be in it.
  await writeFile(join(root, 'access.yml'), 'prod:\n  callers: {}\n')
  const removed = await runAtTerminal('Type the stage name (dev) to remove it:', 'dev', 'remove', '--stage', 'dev')
  assert.equal(removed.code, 0, removed.stdout)
  const { stack, roles, functions, buckets } = await readAccount()
  assert.match(stack, /does not exist/)
  assert.deepEqual([roles, functions, buckets], [{}, {}, []])

  const again = await snowgate(['remove', '--stage', 'dev', '--yes'])
  assert.deepEqual([again.code, again.stdout], [1, ''])
  assert.match(again.stderr, /Stack snowgate-dev does not exist in account 123456789012, region eu-central-1\./)
})
