import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation'
import { type ControlPlane, deployedAt, startControlPlane, type TestCaller } from '../control-plane-server.ts'
import { testRejections } from '../test-rejections.ts'

/** CloudFormation as the SDK's own client meets it. */

let plane: ControlPlane
before(async () => {
  plane = await startControlPlane()
})
after(() => plane.stop())

const cloudformation = (name: TestCaller = 'admin') => new CloudFormationClient(plane.as(name))
const describe = (StackName?: string, as?: TestCaller) =>
  cloudformation(as).send(new DescribeStacksCommand(StackName === undefined ? {} : { StackName }))

test('a stack is shown with its state and its outputs, by name and by ARN', async () => {
  const { api, stack } = plane.deployment()
  const { Stacks: [shown] = [] } = await describe('stack')
  assert.deepEqual(shown, {
    StackId: stack.arn,
    StackName: 'stack',
    CreationTime: deployedAt,
    LastUpdatedTime: deployedAt,
    StackStatus: 'UPDATE_COMPLETE',
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    Outputs: [
      { OutputKey: 'Url', OutputValue: `https://${api.id}/`, Description: 'where', ExportName: 'stack-url' },
      { OutputKey: 'Bare', OutputValue: 'executor' },
    ],
  })
  assert.deepEqual((await describe(stack.arn)).Stacks, [shown])
  assert.deepEqual((await describe()).Stacks, [shown])
})

test('another account has no stacks', async () => {
  assert.deepEqual((await describe(undefined, 'stranger')).Stacks, [])
})

test('a policy on the ARN of the stack lets its holder ask by name', async () => {
  assert.equal((await describe('stack', 'reader')).Stacks?.length, 1)
})

test('its resources are listed with the ids they were given, but for those whose condition is not met', async () => {
  const { StackResourceSummaries: resources = [] } = await cloudformation().send(
    new ListStackResourcesCommand({ StackName: 'stack' }),
  )
  const byId = new Map(resources.map((resource) => [resource.LogicalResourceId, resource]))
  assert.equal(byId.get('Api')?.PhysicalResourceId, plane.deployment().api.id)
  assert.equal(byId.get('Role')?.PhysicalResourceId, 'executor')
  assert.equal(byId.get('Function')?.ResourceType, 'AWS::Lambda::Function')
  assert.ok(byId.has('Permission') && !byId.has('Uncreated'))
})

test('the template is the one that was uploaded, with nothing put in', async () => {
  const { TemplateBody = '' } = await cloudformation().send(new GetTemplateCommand({ StackName: 'stack' }))
  assert.deepEqual(JSON.parse(TemplateBody), plane.template)
})

const missing = (operation: string, call: () => Promise<unknown>) => ({
  claim: `${operation} of a stack that is not there`,
  call,
  status: 400,
  type: 'ValidationError',
  message: 'Stack with id none does not exist',
  reason: /none does not exist/,
})

testRejections(() => plane, 'cloudformation', [
  missing('DescribeStacks', () => describe('none')),
  missing('ListStackResources', () => cloudformation().send(new ListStackResourcesCommand({ StackName: 'none' }))),
  missing('GetTemplate', () => cloudformation().send(new GetTemplateCommand({ StackName: 'none' }))),
  {
    claim: 'the stack of another account',
    call: () => describe('stack', 'stranger'),
    status: 400,
    type: 'ValidationError',
    message: 'Stack with id stack does not exist',
    reason: /stack does not exist/,
  },
  {
    claim: 'DescribeStacks without a permission',
    call: () => describe('stack', 'nobody'),
    status: 403,
    type: 'AccessDenied',
    message:
      'User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:eu-central-1:111111111111:stack/stack/* because no identity-based policy allows the cloudformation:DescribeStacks action',
    reason: /no statement allows it/,
  },
  {
    claim: 'all stacks to who may see one',
    call: () => describe(undefined, 'reader'),
    status: 403,
    type: 'AccessDenied',
    message: /on resource: arn:aws:cloudformation:eu-central-1:111111111111:stack\/\*\/\* because/,
    reason: /stack\/\*\/\*/,
  },
  {
    claim: 'an operation that changes something',
    call: () => cloudformation().send(new DeleteStackCommand({ StackName: 'stack' })),
    status: 501,
    type: 'LocalUnsupported',
    message: 'The local stack does not imitate cloudformation:DeleteStack.',
    reason: /not imitated/,
  },
])
