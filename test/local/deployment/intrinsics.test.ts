import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TemplateError } from '../../../local/deployment/intrinsics.ts'
import { readTemplate } from '../../../local/deployment/read-template.ts'
import { createIdentifiers } from '../../../local/identifiers.ts'
import { propertyRuns } from '../../property-runs.ts'
import { template } from './minimal-template.ts'

const read = (given: unknown, region = 'eu-central-1') =>
  readTemplate(given, {
    location: { accountId: '111111111111', region },
    stackName: 'snowgate',
    identifiers: createIdentifiers('test'),
    now: new Date(),
  })

/** The value an expression has as an environment variable of the template's function. */
const evaluated = (expression: unknown, more: object = {}, region?: string): string | undefined =>
  read(template({ variables: { VALUE: expression }, ...more }), region).functions[0]?.environment['VALUE']

const values: readonly { expression: unknown; value: string; region?: string }[] = [
  { expression: { Ref: 'AWS::Region' }, value: 'eu-central-1' },
  { expression: { Ref: 'AWS::AccountId' }, value: '111111111111' },
  { expression: { Ref: 'AWS::Partition' }, value: 'aws' },
  { expression: { Ref: 'AWS::Partition' }, value: 'aws-cn', region: 'cn-north-1' },
  { expression: { Ref: 'AWS::Partition' }, value: 'aws-us-gov', region: 'us-gov-west-1' },
  { expression: { Ref: 'AWS::URLSuffix' }, value: 'amazonaws.com.cn', region: 'cn-northwest-1' },
  { expression: { Ref: 'Colour' }, value: 'blue' },
  { expression: { Ref: 'Role' }, value: 'executor' },
  { expression: { 'Fn::GetAtt': ['Role', 'Arn'] }, value: 'arn:aws:iam::111111111111:role/executor' },
  { expression: { 'Fn::GetAtt': 'Role.Arn' }, value: 'arn:aws:iam::111111111111:role/executor' },
  {
    expression: { 'Fn::Sub': '${AWS::Region} ${Role.Arn} ${!Literal}' },
    value: 'eu-central-1 arn:aws:iam::111111111111:role/executor ${Literal}',
  },
  { expression: { 'Fn::Sub': ['${Greeting}, ${Role}', { Greeting: { Ref: 'Colour' } }] }, value: 'blue, executor' },
  { expression: { 'Fn::Join': ['-', ['a', { Ref: 'Colour' }, 3]] }, value: 'a-blue-3' },
  { expression: { 'Fn::Select': ['1', { 'Fn::Split': ['-', 'a-b-c'] }] }, value: 'b' },
  { expression: { 'Fn::If': ['IsBlue', 'yes', 'no'] }, value: 'yes' },
  { expression: { 'Fn::If': ['IsRed', 'yes', 'no'] }, value: 'no' },
  { expression: { 'Fn::If': ['Both', 'yes', 'no'] }, value: 'no' },
  { expression: { 'Fn::If': ['Either', 'yes', 'no'] }, value: 'yes' },
]

const conditions = {
  IsBlue: { 'Fn::Equals': [{ Ref: 'Colour' }, 'blue'] },
  IsRed: { 'Fn::Not': [{ Condition: 'IsBlue' }] },
  Both: { 'Fn::And': [{ Condition: 'IsBlue' }, { Condition: 'IsRed' }] },
  Either: { 'Fn::Or': [{ Condition: 'IsBlue' }, { Condition: 'IsRed' }] },
}

for (const { expression, value, region } of values) {
  test(`${JSON.stringify(expression)} is ${JSON.stringify(value)}${region ? ` in ${region}` : ''}`, () => {
    assert.equal(evaluated(expression, { conditions }, region), value)
  })
}

test('AWS::NoValue leaves its property out', () => {
  assert.equal(evaluated({ 'Fn::If': ['IsRed', 'yes', { Ref: 'AWS::NoValue' }] }, { conditions }), undefined)
})

const rejections: readonly { claim: string; given: unknown; message: RegExp }[] = [
  {
    claim: 'an unknown intrinsic function',
    given: template({ variables: { V: { 'Fn::Cidr': [] } } }),
    message: /Variables\.V: the local stack does not imitate Fn::Cidr/,
  },
  {
    claim: 'a reference to nothing',
    given: template({ variables: { V: { Ref: 'Nobody' } } }),
    message: /Ref Nobody refers to nothing/,
  },
  {
    claim: 'an unsupported attribute',
    given: template({ variables: { V: { 'Fn::GetAtt': ['Role', 'Nope'] } } }),
    message: /Fn::GetAtt Role\.Nope refers to nothing/,
  },
  {
    claim: 'an unknown condition',
    given: template({ variables: { V: { 'Fn::If': ['Nope', 1, 2] } } }),
    message: /Conditions\.Nope: a condition must be true or false/,
  },
  {
    claim: 'a condition that refers to itself',
    given: template({ conditions: { Loop: { Condition: 'Loop' } }, variables: { V: { 'Fn::If': ['Loop', 1, 2] } } }),
    message: /condition Loop refers to itself/,
  },
  {
    claim: 'an unsupported resource type',
    given: template({ resources: { Queue: { Type: 'AWS::SQS::Queue' } } }),
    message: /Resources\.Queue: the local stack does not imitate AWS::SQS::Queue/,
  },
  {
    claim: 'an unsupported property',
    given: template({ functionProperties: { Layers: ['x'] } }),
    message: /Resources\.Function\.Properties: Unrecognized key: "Layers"/,
  },
  {
    claim: 'an edge-optimised API',
    given: template({ apiProperties: { EndpointConfiguration: { Types: ['EDGE'] } } }),
    message: /Resources\.Api\.Properties\.EndpointConfiguration/,
  },
  {
    claim: 'an authorizer that is not IAM',
    given: template({ methodProperties: { AuthorizationType: 'CUSTOM' } }),
    message: /AuthorizationType/,
  },
  { claim: 'no template at all', given: 'nothing', message: /^template/ },
]

for (const { claim, given, message } of rejections) {
  test(`${claim} is rejected by place and name`, () => {
    assert.throws(
      () => read(given),
      (error) => (error instanceof TemplateError && message.test(error.message)) || assert.fail(String(error)),
    )
  })
}

test('whatever stands in a template, it is read or rejected with a TemplateError', () => {
  const expression = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.record({
        Ref: fc.oneof(fc.constantFrom('Role', 'Api', 'AWS::Region', '__proto__'), fc.jsonValue({ maxDepth: 1 })),
      }),
      fc
        .tuple(
          fc.constantFrom(
            'Fn::Sub',
            'Fn::Join',
            'Fn::Select',
            'Fn::Split',
            'Fn::If',
            'Fn::GetAtt',
            'Fn::Equals',
            'Fn::Not',
            'Fn::Nope',
          ),
          tie('value'),
        )
        .map(([name, argument]) => ({ [name]: argument })),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  })).value
  fc.assert(
    fc.property(
      expression,
      fc.constantFrom(
        'variables',
        'conditions',
        'resources',
        'functionProperties',
        'apiProperties',
        'methodProperties',
      ),
      (value, where) => {
        try {
          read(template({ [where]: { Given: value, Handler: value, Type: value } }))
        } catch (error) {
          assert.ok(error instanceof TemplateError, String(error))
        }
      },
    ),
    { numRuns: propertyRuns(3_000) },
  )
})
