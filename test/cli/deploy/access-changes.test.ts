import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { changesOf, renderChanges } from '../../../cli/deploy/access-changes.ts'
import { stageOfTemplate } from '../../../cli/deploy/deployed-stage.ts'
import { parseAccessMap, stageDocument, stageDocumentKey, stageOf } from '../../../shared/access/index.ts'

const user = 'arn:aws:iam::999999999999:user/abcd-s-example'
const role = 'arn:aws:iam::222222222222:role/LambdaRoleDeve'
const other = 'arn:aws:iam::333333333333:role/Other'

/** A stage from its callers as the map has them, the way it goes: document, template, JSON, and back. */
const stage = (callers: string, more = '') => {
  const document = stageDocument(stageOf(parseAccessMap(`dev:\n  callers:\n${callers}${more}`), 'dev'))
  const found = stageOfTemplate(JSON.parse(JSON.stringify({ Metadata: { [stageDocumentKey]: document } })))
  return typeof found === 'string' ? assert.fail(found) : found
}

const summaries = (...[before, after]: Parameters<typeof changesOf>) =>
  changesOf(before, after).flatMap(({ kind, name, state, changes }) => [
    `${kind} ${name} ${state}`,
    ...changes.map(({ sign, summary, grantsAccess }) => `${grantsAccess ? '!' : ' '} ${sign} ${summary}`),
  ])

const pendingStage = stage('    snowflake: {routes: [POST /hello]}\n')
const trustedStage = (...ids: string[]) =>
  stage(`    snowflake: {iamUserArn: "${user}", externalIds: [${ids.join(', ')}], routes: [POST /hello]}\n`)
const caller = (principals: string, routes: string, more = '') =>
  stage(`    analytics: {principals: [${principals}], routes: [${routes}]${more}}\n`)

const cases: readonly (readonly [title: string, ...Parameters<typeof changesOf>, summaries: readonly string[]])[] = [
  ['nothing changes', trustedStage('id-1'), trustedStage('id-1'), []],
  [
    'the order of lists is no change',
    caller(`${role}, ${other}`, 'POST /hello, GET /hello'),
    caller(`${other}, ${role}`, 'GET /hello, POST /hello'),
    [],
  ],
  [
    'a door opens',
    pendingStage,
    trustedStage('id-1'),
    [
      'caller snowflake changed',
      `! + ${user} may assume the caller role`,
      '  + external id id-1',
      '  - pending: disabled until the IAM user is known',
    ],
  ],
  [
    'a door shuts',
    trustedStage('id-1'),
    pendingStage,
    [
      'caller snowflake changed',
      '  + pending: disabled until the IAM user is known',
      `  - ${user} may assume the caller role`,
      '  - external id id-1',
    ],
  ],
  [
    'another integration of Snowflake may assume the caller role',
    trustedStage('id-1'),
    trustedStage('id-1', 'id-2'),
    ['caller snowflake changed', '! + external id id-2'],
  ],
  [
    'an integration is created again',
    trustedStage('id-1'),
    trustedStage('id-2'),
    ['caller snowflake changed', '! + external id id-2', '  - external id id-1'],
  ],
  [
    'a caller is new, and nobody was before',
    undefined,
    caller(role, 'POST /hello'),
    [
      'caller analytics new',
      `! + ${role} may assume the caller role`,
      '  + no external id required',
      '! + POST /hello',
    ],
  ],
  [
    'a shut caller is new',
    undefined,
    pendingStage,
    ['caller snowflake new', '  + pending: disabled until the IAM user is known', '  + POST /hello'],
  ],
  [
    'a caller is gone',
    caller(role, 'POST /hello'),
    undefined,
    [
      'caller analytics gone',
      `  - ${role} may assume the caller role`,
      '  - no external id required',
      '  - POST /hello',
    ],
  ],
  [
    'a route more and a route less',
    caller(role, 'POST /hello'),
    caller(role, 'INVOKE /hello'),
    ['caller analytics changed', '! + INVOKE /hello', '  - POST /hello'],
  ],
  [
    'a principal more',
    caller(role, 'POST /hello'),
    caller(`${role}, ${other}`, 'POST /hello'),
    ['caller analytics changed', `! + ${other} may assume the caller role`],
  ],
  [
    'an external id is asked for',
    caller(role, 'POST /hello'),
    caller(role, 'POST /hello', ', externalIds: [id-1]'),
    ['caller analytics changed', '  + external id id-1', '  - no external id required'],
  ],
  [
    'an external id is no longer asked for',
    caller(role, 'POST /hello', ', externalIds: [id-1]'),
    caller(role, 'POST /hello'),
    ['caller analytics changed', '! + no external id required', '  - external id id-1'],
  ],
  [
    'a caller becomes direct',
    caller(role, 'POST /hello', ', externalIds: [id-1]'),
    caller(role, 'POST /hello', ', direct: true'),
    [
      'caller analytics changed',
      `! + ${role} may call directly`,
      `  - ${role} may assume the caller role`,
      '  - external id id-1',
    ],
  ],
  [
    'a target is new',
    caller(role, 'POST /hello'),
    stage(
      `    analytics: {principals: [${role}], routes: [POST /hello]}\n`,
      `  targets:\n    graph: {url: "https://graph.example.com", service: es, region: eu-west-1, roleArn: "${other}", externalId: id-1, allow: [GET /status]}\n`,
    ),
    [
      'target graph new',
      '! + at https://graph.example.com',
      `! + as ${other}`,
      '  + signed for es in eu-west-1',
      '  + external id id-1',
      '! + GET /status',
    ],
  ],
  [
    'a target leads elsewhere, into private addresses, by another role, and further',
    stage(
      `    analytics: {principals: [${role}], routes: [POST /hello]}\n`,
      `  targets:\n    graph: {url: "https://graph.example.com", service: es, region: eu-west-1, allow: [GET /status, GET /old]}\n`,
    ),
    stage(
      `    analytics: {principals: [${role}], routes: [POST /hello]}\n`,
      `  targets:\n    graph: {url: "https://10.0.0.1", service: es, region: eu-west-1, roleArn: "${other}", allowPrivate: true, allow: [GET /status, GET /*]}\n`,
    ),
    [
      'target graph changed',
      '! + at https://10.0.0.1',
      `! + as ${other}`,
      '! + private addresses allowed',
      '! + GET /*',
      '  - at https://graph.example.com',
      '  - as the execution role of the function',
      '  - GET /old',
    ],
  ],
  [
    'the service logs in to Snowflake otherwise',
    stage(
      `    analytics: {principals: [${role}], routes: [POST /hello]}\n`,
      '  snowflake: {account: myorg-one, login: workload-identity, role: READER}\n',
    ),
    stage(
      `    analytics: {principals: [${role}], routes: [POST /hello]}\n`,
      '  snowflake: {account: myorg-one, login: key-pair, warehouse: SMALL}\n',
    ),
    [
      'snowflake login changed',
      '  + warehouse SMALL',
      '  + login key-pair',
      '  + privateKey /snowgate/dev/snowflake/private-key',
      '  + passphrase /snowgate/dev/snowflake/passphrase',
      '  - role READER',
      '  - login workload-identity',
    ],
  ],
  [
    'a caller named as every object has a member',
    stage(`    constructor: {principals: [${role}], routes: [POST /hello]}\n`),
    undefined,
    [
      'caller constructor gone',
      `  - ${role} may assume the caller role`,
      '  - no external id required',
      '  - POST /hello',
    ],
  ],
]

for (const [title, before, after, expected] of cases) {
  test(title, () => assert.deepEqual(summaries(before, after), expected))
}

/** The test runner asks for colours where its own output is a terminal. */
const plain = (...changes: Parameters<typeof renderChanges>) => stripVTControlCharacters(renderChanges(...changes))

test('changes are rendered with a heading per entry, a line per change and the number of grants', () => {
  assert.equal(
    plain(changesOf(pendingStage, stage(`    analytics: {principals: [${role}], routes: [POST /hello]}\n`))),
    [
      '  caller snowflake, gone',
      '    - pending: disabled until the IAM user is known',
      '    - POST /hello',
      '  caller analytics, new',
      `  ! + ${role} may assume the caller role`,
      '    + no external id required',
      '  ! + POST /hello',
      '',
      '! 2 changes grant access.',
      '',
    ].join('\n'),
  )
  assert.equal(
    plain(changesOf(pendingStage, undefined)),
    '  caller snowflake, gone\n    - pending: disabled until the IAM user is known\n    - POST /hello\n',
  )
})

const functions = { HelloLambdaFunction: { Type: 'AWS::Lambda::Function' } }

test('a template without a function is not deployed; one with a function and without the stage is unknown', () => {
  assert.equal(
    stageOfTemplate({ Resources: { ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket' } } }),
    'not-deployed',
  )
  assert.equal(stageOfTemplate({ Resources: functions }), 'unknown')
  assert.equal(stageOfTemplate({ Resources: functions, Metadata: { [stageDocumentKey]: 'dev' } }), 'unknown')
})

test('the Fargate task of the probe comes and goes with its image', () => {
  const withTask = (Image?: string) => {
    const document = { callers: {}, targets: {}, snowflake: { account: 'myorg-one', login: 'key-pair' } }
    const SnowflakeProbeTask = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image }] } }
    const Resources = Image === undefined ? {} : { SnowflakeProbeTask }
    const found = stageOfTemplate({ Resources, Metadata: { [stageDocumentKey]: document } })
    return typeof found === 'string' ? assert.fail(found) : found
  }
  assert.deepEqual(summaries(withTask('probe:1'), withTask('probe:2')), [
    'snowflake login changed',
    '  + Fargate task probe:2',
    '  - Fargate task probe:1',
  ])
  assert.deepEqual(summaries(withTask('probe:1'), withTask()), ['snowflake login changed', '  - Fargate task probe:1'])
})

test('unknown keys of a stage that another version deployed are ignored', () => {
  const body = {
    Resources: functions,
    Metadata: {
      [stageDocumentKey]: {
        callers: { old: { principals: [role], routes: ['DELETE /gone'], colour: 'blue' } },
        years: 3,
      },
    },
  }
  const found = stageOfTemplate(body)
  assert.ok(typeof found !== 'string')
  assert.deepEqual(summaries(found, undefined), [
    'caller old gone',
    `  - ${role} may assume the caller role`,
    '  - no external id required',
    '  - DELETE /gone',
  ])
})
