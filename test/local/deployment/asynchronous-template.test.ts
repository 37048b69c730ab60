import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTemplate } from '../../../local/deployment/read-template.ts'
import { createIdentifiers } from '../../../local/identifiers.ts'
import { template } from './minimal-template.ts'

const read = (resources: Readonly<Record<string, unknown>>) =>
  readTemplate(template({ resources }), {
    location: { accountId: '111111111111', region: 'eu-central-1' },
    stackName: 'stack',
    identifiers: createIdentifiers('test'),
    now: new Date(),
  })

const definition = {
  TableName: 'batches',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'batch', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'batch', KeyType: 'HASH' }],
}
const table = (more = {}) => ({ Table: { Type: 'AWS::DynamoDB::Table', Properties: { ...definition, ...more } } })
const events = (more = {}) => ({
  Events: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0, ...more },
  },
})

test('a table is read as CreateTable would take it, with the attribute of its time to live', () => {
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true }
  assert.deepEqual(read(table({ TimeToLiveSpecification })).tables, [{ definition, timeToLiveAttribute: 'expires' }])
  assert.deepEqual(read(table()).tables, [{ definition }])
  assert.deepEqual(read({}).tables, [])
})

test('a policy may refer to a table by its ARN', () => {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyName: 'own', PolicyDocument: { 'Fn::GetAtt': ['Table', 'Arn'] } }] },
  }
  const { roles } = read({ ...table(), Reader: role })
  const documents = roles.flatMap(({ identityPolicies }) => identityPolicies.map(({ document }) => document))
  assert.ok(documents.includes('arn:aws:dynamodb:eu-central-1:111111111111:table/batches'))
})

for (const [what, resources, at] of [
  ['a stream of a table', table({ StreamSpecification: {} }), /^Resources\.Table\.Properties: .*StreamSpecification/],
  ['provisioned throughput', table({ BillingMode: 'PROVISIONED' }), /^Resources\.Table\.Properties\.BillingMode/],
  [
    'a second try of an event',
    events({ MaximumRetryAttempts: 2 }),
    /^Resources\.Events\.Properties\.MaximumRetryAttempts/,
  ],
  [
    'a destination of events',
    events({ DestinationConfig: { OnFailure: {} } }),
    /^Resources\.Events\.Properties\.DestinationConfig/,
  ],
] as const) {
  test(`${what} stops the start with its place`, () => {
    assert.throws(() => read(resources), { name: 'TemplateError', message: at })
  })
}

test('events that are tried once, however old, are imitated', () => {
  read(events({ MaximumEventAgeInSeconds: 60, DestinationConfig: {} }))
})
