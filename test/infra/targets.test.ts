import assert from 'node:assert/strict'
import { test } from 'node:test'
import { derive } from '../../infra/derived.ts'
import { AccessMapError, parseAccessMap, stageOf } from '../../shared/access/index.ts'
import { readTargets } from '../../shared/targets/index.ts'
import { leaves } from './template.ts'

const derived = (targets: string, routes = '[POST /invoke, POST /hello]') => {
  const map = `dev:
  callers: { one: { principals: ["arn:aws:iam::222222222222:role/One"], routes: ${routes} } }
${targets}`
  return derive('dev', stageOf(parseAccessMap(map), 'dev'), 'eu-central-1')
}

const reader = 'arn:aws:iam::333333333333:role/NeptuneReader'
const some = `  targets:
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
  const { functions } = derived(some)
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
  assert.deepEqual([...readTargets(TARGETS).keys()], ['graph', 'again', 'other'])
})

test('its role may assume the roles of its targets, each once, and carry on who asked; no other role may', () => {
  const { Resources } = derived(some).resources
  const { Properties } = Resources['InvokeExecutionRole'] as Role
  assert.deepEqual(Properties.Policies.find(({ PolicyName }) => PolicyName === 'targets')?.PolicyDocument, {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumeRolesOfTargets',
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Resource: [reader],
      },
    ],
  })
  assert.deepEqual(policiesOf(Resources, 'HelloExecutionRole'), ['log'])
})

test('targets without a role give no permission, and none is a wildcard', () => {
  const { Resources } = derived(
    '  targets: { o: { url: "https://o.example.com", service: execute-api, region: eu-west-1, allow: [GET /a] } }',
  ).resources
  assert.deepEqual(policiesOf(Resources, 'InvokeExecutionRole'), ['log'])
  assert.deepEqual(
    leaves(derived(some).resources.Resources['InvokeExecutionRole']).filter(({ value }) => value === '*'),
    [],
  )
})

test('targets that nobody may call are in no resource, and only remembered', () => {
  const { functions, resources } = derived(some, '[POST /hello]')
  assert.deepEqual(Object.keys(functions), ['hello'])
  const { Metadata, ...made } = resources
  assert.doesNotMatch(JSON.stringify(made), /NeptuneReader/)
  assert.deepEqual(Object.keys(Metadata.SnowgateStage.targets), ['graph', 'again', 'other'])
})

const many = (count: number) =>
  `  targets:\n${Array.from({ length: count }, (_, index) => `    t${index}: { url: "https://t${index}.cluster-c1abcdefghij.ap-northeast-1.neptune.amazonaws.com:8182", service: neptune-db, region: ap-northeast-1, roleArn: "${reader}", externalId: graph-7f3c, allow: [GET /status, POST /openCypher] }\n`).join('')}`

const refusals = [
  {
    what: 'a caller of /invoke in a stage without targets',
    map: '',
    says: /^the caller one may call \/invoke, and there is nothing to call: write targets beside callers$/,
  },
  {
    what: 'more targets than Lambda has variables for',
    map: many(20),
    says: /^the targets would take \d{4} bytes of environment variables, and Lambda takes 4096: give the stage fewer targets/,
  },
]

for (const { what, map, says } of refusals) {
  test(`${what} is refused when the template is compiled`, () => {
    assert.throws(
      () => derived(map),
      (error) => error instanceof AccessMapError && says.test(error.message),
    )
  })
}

test('as many targets fit as the reference says, about', () => {
  const fits = (count: number) => {
    try {
      return derived(many(count))
    } catch {
      return undefined
    }
  }
  const most = Array.from({ length: 40 }, (_, index) => index + 1).findLast(fits)
  assert.equal(most, 13)
})
