import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cp, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { bundle, deploymentPackage } from '../../infra/index.ts'
import { readAccessMap, stageDocument, stageDocumentKey, stageOf } from '../../shared/access/index.ts'
import { snowgateOf } from '../cli/run-snowgate.ts'
import { copyWithCommandLine, temporaryFolder } from '../infra/compile.ts'
import { type Ended, runProgram } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'
import { startMoto } from './moto.ts'
import { preparePython, pythonBin } from './python-environment.ts'

/*
 * A real `osls deploy`, by `snowgate deploy`, against an imitation of AWS that others wrote. What moto cannot show, and AWS would
 * do:
 * - it checks no signature, no permission, and not whether the principals of a trust policy exist;
 * - it leaves out of a template the policy of a REST API, the architecture of functions, and the policy and public access
 *   block of the bucket: these are asserted on the template that it was given;
 * - at an update it changes neither the trust nor the policies of a role that stays, and forgets an API whose policy changes,
 *   of which then nobody can tell the URL. What is new and what is gone does arrive. A third deployment would fail.
 */

const account = '123456789012' // moto's
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`

interface Role {
  readonly path: string
  readonly trust: { readonly Statement: readonly Readonly<Record<string, unknown>>[] }
  readonly policies: Readonly<Record<string, { readonly Statement: readonly Readonly<Record<string, unknown>>[] }>>
}

/** What deployed.py prints. */
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

const snowgate = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  snowgateOf(root)(args, { env: { ...env, ...more } })

/** The same at a terminal, where the question is answered. */
const atTerminal = (question: string, answer: string, ...args: string[]): Promise<Ended> =>
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

const lookAround = async (): Promise<Account> => {
  const script = join(import.meta.dirname, 'python/deployed.py')
  const { code, stdout, stderr } = await runProgram(join(pythonBin, 'python'), [script, 'snowgate-dev'], { env })
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as Account // as the script writes it
}

const names = (record: object) => Object.keys(record).sort()

let apiId: string

test('a first deployment of what ships: told as new to the last route, and there as the template says', async () => {
  const { code, stdout, stderr } = await snowgate(['deploy', '--stage', 'dev', '--yes', '--json'], {
    // With AWS's linter on it, which is asked where it is there.
    PATH: [pythonBin, process.env['PATH']].join(delimiter),
  })
  assert.equal(code, 0, stderr)
  assert.match(stderr, /^cfn-lint found no problems in the template\.$/m)
  assert.match(stderr, /First deployment for stage \w+ \(account 123456789012 in eu-central-1, as \S+\)/)
  assert.match(
    stderr,
    /^ {2}caller analytics, new\n {2}! \+ arn:aws:iam::222222222222:role\/LambdaRoleDeve may enter\n/m,
  )
  assert.match(stderr, /^ {2}✔ Service deployed to stack snowgate-dev/m)
  const told = JSON.parse(stdout)
  assert.ok(told.changes.every(({ state }: { state: string }) => state === 'new'))

  const there = await lookAround()
  assert.equal(there.stack, 'UPDATE_COMPLETE')
  const [id = ''] = Object.keys(there.apis)
  apiId = id
  assert.deepEqual(told.deployed, {
    accountId: account,
    region: 'eu-central-1',
    apiUrl: `https://${apiId}.execute-api.eu-central-1.amazonaws.com/dev`,
    callerRoles: { snowflake: roleArn('snowgate-dev-snowflake'), analytics: roleArn('snowgate-dev-analytics') },
  })
  const stage = stageOf(readAccessMap(join(root, 'access.yml')), 'dev')
  assert.deepEqual(there.template.Metadata[stageDocumentKey], JSON.parse(JSON.stringify(stageDocument(stage))))
})

test('its roles are at no path, and trust whom the map names: with its external ids, on its routes', async () => {
  const { roles } = await lookAround()
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
      Sid: 'Enter',
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
      Sid: 'AssumeRolesOfTargets',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
      Resource: ['arn:aws:iam::333333333333:role/NeptuneReader', 'arn:aws:iam::555555555555:role/OrdersClient'],
    },
  ])
})

test('every method of its API demands a signature, in one stage, with a policy that denies everybody else', async () => {
  const { apis, template } = await lookAround()
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
  const { Statement } = Policy as { Statement: { Sid: string; Effect: string }[] } // as infra/resource-policy.ts derives it
  assert.deepEqual(
    Statement.map(({ Sid, Effect }) => `${Effect} ${Sid}`),
    ['Allow AllowSnowflake', 'Allow AllowAnalytics', 'Allow AllowReporting', 'Deny DenyEverybodyElse'],
  )
})

test('its functions run the zips that were packaged, and are invoked by their methods alone', async () => {
  const { functions } = await lookAround()
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

test('the same map again changes nothing in who may call what', async () => {
  const { code, stdout, stderr } = await snowgate(['deploy', '--stage', 'dev', '--dry-run', '--json'])
  assert.equal(code, 0, stderr)
  assert.deepEqual(JSON.parse(stdout), { stage: 'dev', changes: [], deployed: null })
  assert.match(stderr, /No access changes for stage .*\.\n$/)
})

/** The map of the tests with a caller more, a caller less, a function less, and a door open to somebody else. */
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

const difference = `
  caller snowflake
  ! + arn:aws:iam::888888888888:user/wxyz-s-other may enter
  ! + external id OTHER_SFCRole=1_other=
    - arn:aws:iam::999999999999:user/abcd-s-example may enter
    - external id ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=
    - external id ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq=
    - POST /invoke
    - POST /snowflake-probe
  caller analytics, gone
`

test('another map: the difference is shown and asked about; a no changes nothing, a yes arrives', async () => {
  const access = await changedMap()
  const before = await lookAround()
  const order = ['deploy', '--stage', 'dev', '--access', access]

  const refused = await atTerminal('Deploy this? [y/N]', 'n', ...order)
  const said = refused.stdout
  assert.equal(refused.code, 1, said)
  assert.ok(said.includes(`):\n${difference}`), said)
  assert.match(said, /\n {2}caller partner, new\n {2}! \+ arn:aws:iam::777777777777:role\/Partner may enter\n/)
  assert.match(said, /Deploy this\? \[y\/N\] n\nsnowgate: Nothing was changed\.\n$/)
  assert.deepEqual(await lookAround(), before)

  const agreed = await atTerminal('Deploy this? [y/N]', 'y', ...order)
  const told = agreed.stdout
  assert.equal(agreed.code, 0, told)
  assert.match(told, /\nDeployed\.\n\n {2}door of snowflake {2}\S+\/snowgate-dev-snowflake\n {2}door of partner {4}\S+/)
  assert.match(
    told,
    /npx snowgate call POST https:\/\/<api>\S+\/dev\/hello -d '\{"name":"Alice"\}' --profile <profile of partner> --role-arn arn:aws:iam::123456789012:role\/snowgate-dev-partner --external-id partner-1/,
  )
  // See above: moto forgets the API. A deployment that succeeded is not called a failure for it.
  assert.match(told, /Deployed; the URL of its API is not known: the stack has no ApiGatewayRestApi resource\./)

  const there = await lookAround()
  assert.deepEqual(names(there.roles), [
    'snowgate-dev-hello-function',
    'snowgate-dev-partner',
    'snowgate-dev-snowflake',
  ])
  assert.deepEqual(there.roles['snowgate-dev-partner']?.trust.Statement, [
    {
      Sid: 'Enter',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::777777777777:role/Partner'] },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': ['partner-1'] } },
    },
  ])
  assert.deepEqual(names(there.functions), ['snowgate-dev-hello'])
  const [stage, ...others] = there.apis[apiId]?.stages ?? []
  assert.deepEqual(others, [])
  assert.notEqual(stage?.deployment, before.apis[apiId]?.stages[0]?.deployment, 'the new policy is served')
  const changed = stageOf(readAccessMap(access), 'dev')
  assert.deepEqual(there.template.Metadata[stageDocumentKey], JSON.parse(JSON.stringify(stageDocument(changed))))
})

test('removing shows who loses access, wants to read the name of the stage, and takes everything away', async () => {
  const unasked = await snowgate(['remove', '--stage', 'dev'])
  assert.deepEqual([unasked.code, unasked.stdout], [2, ''])
  const hesitant = await atTerminal('write its name, dev:', 'prod', 'remove', '--stage', 'dev')
  assert.equal(hesitant.code, 1)
  assert.match(hesitant.stdout, /caller partner, gone\n {4}- arn:aws:iam::777777777777:role\/Partner may enter\n/)
  assert.match(hesitant.stdout, /Nothing was changed/)
  assert.equal((await lookAround()).stack, 'UPDATE_COMPLETE')

  // The stage may be gone from the map by then: it is not looked at.
  await writeFile(join(root, 'access.yml'), 'prod:\n  callers: {}\n')
  const removed = await atTerminal('write its name, dev:', 'dev', 'remove', '--stage', 'dev')
  assert.equal(removed.code, 0, removed.stdout)
  const { stack, roles, functions, buckets } = await lookAround()
  assert.match(stack, /does not exist/)
  assert.deepEqual([roles, functions, buckets], [{}, {}, []])

  const again = await snowgate(['remove', '--stage', 'dev', '--yes'])
  assert.deepEqual([again.code, again.stdout], [1, ''])
  assert.match(again.stderr, /Stack snowgate-dev does not exist in account 123456789012, region eu-central-1\./)
})
