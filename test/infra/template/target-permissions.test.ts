import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deriveTemplate } from '../../../infra/template/derive-template.ts'
import { AccessMapError, parseAccessMap, stageOf } from '../../../shared/access/index.ts'
import { parseTargets } from '../../../shared/access/targets/index.ts'
import { leaves } from './compiled-template.ts'

const derived = (targets: string, routes = '[POST /invoke, POST /hello]') => {
  const map = `dev:
  callers: { one: { principals: ["arn:aws:iam::222222222222:role/One"], routes: ${routes} } }
${targets}`
  return deriveTemplate('dev', stageOf(parseAccessMap(map), 'dev'), 'eu-central-1')
}

const reader = 'arn:aws:iam::333333333333:role/NeptuneReader'
const exampleTargets = `  targets:
    graph: { url: "https://g.example.com:8182", service: neptune-db, region: eu-west-1, roleArn: "${reader}", allow: [GET /status] }
    again: { url: "https://h.example.com", service: s3, region: eu-west-1, roleArn: "${reader}", allow: [GET /a] }
    other: { url: "https://o.example.com/prod", service: execute-api, region: eu-west-1, allow: ["GET /orders/{id}"] }
`

interface Role {
  readonly Properties: {
    readonly Policies: readonly { readonly PolicyName: string; readonly PolicyDocument: unknown }[]
  }
}

const policiesOf = (resources: Readonly<Record<string, unknown>>, id: string) => {
  const { Properties } = resources[id] as Role // as execution-roles.ts makes them
  return Properties.Policies.map(({ PolicyName }) => PolicyName)
}

test('the function that calls targets has them in its environment, and no other function has any', () => {
  const { functions } = derived(exampleTargets)
  const environments = Object.entries(functions).map(([name, fn]) => [
    name,
    (fn as { environment?: object }).environment,
  ])
  assert.deepEqual(
    environments.map(([name, environment]) => [name, Object.keys(environment ?? {})]),
    [
      ['invoke', ['TARGETS']],
      ['hello', []],
    ],
  )
  const { TARGETS = '' } = Object.fromEntries(environments)['invoke'] as { TARGETS?: string }
  assert.deepEqual([...parseTargets(TARGETS).keys()], ['graph', 'again', 'other'])
})

test('only its role may assume the target roles, and set the caller as source identity', () => {
  const { Resources } = derived(exampleTargets).resources
  const { Properties } = Resources['InvokeExecutionRole'] as Role
  assert.deepEqual(Properties.Policies.find(({ PolicyName }) => PolicyName === 'targets')?.PolicyDocument, {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumeTargetRoles',
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Resource: [reader],
      },
    ],
  })
  assert.deepEqual(policiesOf(Resources, 'HelloExecutionRole'), ['log'])
})

test('targets without a role add no permission, and no resource is a wildcard', () => {
  const { Resources } = derived(
    '  targets: { o: { url: "https://o.example.com", service: execute-api, region: eu-west-1, allow: [GET /a] } }',
  ).resources
  assert.deepEqual(policiesOf(Resources, 'InvokeExecutionRole'), ['log'])
  assert.deepEqual(
    leaves(derived(exampleTargets).resources.Resources['InvokeExecutionRole']).filter(({ value }) => value === '*'),
    [],
  )
})

test('targets that no caller may call are only in the metadata', () => {
  const { functions, resources } = derived(exampleTargets, '[POST /hello]')
  assert.deepEqual(Object.keys(functions), ['hello'])
  const { Metadata, ...others } = resources
  assert.doesNotMatch(JSON.stringify(others), /NeptuneReader/)
  assert.deepEqual(Object.keys(Metadata.SnowgateStage.targets), ['graph', 'again', 'other'])
})

const manyTargets = (count: number) =>
  `  targets:\n${Array.from({ length: count }, (_, index) => `    t${index}: { url: "https://t${index}.cluster-c1abcdefghij.ap-northeast-1.neptune.amazonaws.com:8182", service: neptune-db, region: ap-northeast-1, roleArn: "${reader}", externalId: graph-7f3c, allow: [GET /status, POST /openCypher] }\n`).join('')}`

const rejections = [
  {
    what: 'a caller of /invoke in a stage without targets',
    map: '',
    message: /^the caller one may call \/invoke, and the stage has no targets: add targets next to callers$/,
  },
  {
    what: 'more targets than Lambda has variables for',
    map: manyTargets(20),
    message:
      /^the targets would take \d{4} bytes of environment variables, and the limit of Lambda is 4096: give the stage fewer targets/,
  },
]

for (const { what, map, message } of rejections) {
  test(`${what} is rejected when the template is compiled`, () => {
    assert.throws(
      () => derived(map),
      (error) => error instanceof AccessMapError && message.test(error.message),
    )
  })
}

test('the number of targets that fit is the one in the reference', () => {
  const fits = (count: number) => {
    try {
      return derived(manyTargets(count))
    } catch {
      return undefined
    }
  }
  const maxTargets = Array.from({ length: 40 }, (_, index) => index + 1).findLast(fits)
  assert.equal(maxTargets, 13)
})
