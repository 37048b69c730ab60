import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import { type ControlPlane, deployedAt, startControlPlane, type TestCaller } from '../control-plane-server.ts'
import { testRejections } from '../test-rejections.ts'

/** IAM as the SDK's own client meets it. */

let plane: ControlPlane
before(async () => {
  plane = await startControlPlane()
})
after(() => plane.stop())

const iam = (name: TestCaller = 'admin', region?: string) => new IAMClient(plane.as(name, region))
const getRole = (RoleName: string, as?: TestCaller) => iam(as).send(new GetRoleCommand({ RoleName }))

test('a role is shown with its trust URL-encoded, and its tags', async () => {
  const { Role } = await getRole('executor')
  assert.deepEqual(
    { ...Role, AssumeRolePolicyDocument: undefined },
    {
      Path: '/',
      RoleName: 'executor',
      RoleId: 'AROAEXAMPLEEXAMPLE123',
      Arn: 'arn:aws:iam::111111111111:role/executor',
      CreateDate: deployedAt,
      MaxSessionDuration: 3600,
      Tags: [{ Key: 'team', Value: 'A & B' }],
      AssumeRolePolicyDocument: undefined,
    },
  )
  const trust = Role?.AssumeRolePolicyDocument ?? ''
  // RFC 3986: what no URL may hold as it is, and no `+` for a blank.
  assert.match(trust, /^[A-Za-z0-9%._~-]+$/)
  assert.deepEqual(
    JSON.parse(decodeURIComponent(trust)),
    plane.deployment().roles.find(({ name }) => name === 'executor')?.trustPolicy.document,
  )
})

test('the inline policies of a role are listed by name, and each is shown', async () => {
  const { PolicyNames, IsTruncated } = await iam().send(new ListRolePoliciesCommand({ RoleName: 'executor' }))
  assert.deepEqual([PolicyNames, IsTruncated], [['log'], false])
  const { PolicyDocument, ...rest } = await iam('reader').send(
    new GetRolePolicyCommand({ RoleName: 'executor', PolicyName: 'log' }),
  )
  assert.deepEqual([rest.RoleName, rest.PolicyName], ['executor', 'log'])
  assert.deepEqual(JSON.parse(decodeURIComponent(PolicyDocument ?? '')), {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' }],
  })
})

test('IAM is signed for as at its own endpoint, in us-east-1, or for the region of the stack', async () => {
  for (const region of ['us-east-1', 'eu-central-1']) {
    const { Role } = await iam('admin', region).send(new GetRoleCommand({ RoleName: 'executor' }))
    assert.equal(Role?.RoleName, 'executor')
  }
})

const denied = (action: string) =>
  `User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: ${action} on resource: role executor because no identity-based policy allows the ${action} action`

testRejections(() => plane, 'iam', [
  {
    claim: 'a role that is not there',
    call: () => getRole('nobody'),
    status: 404,
    type: 'NoSuchEntityException', // the SDK's name for NoSuchEntity
    message: 'The role with name nobody cannot be found.',
    reason: /nobody cannot be found/,
  },
  {
    claim: 'a role of another account, requested by name,',
    call: () => getRole('executor', 'stranger'),
    status: 404,
    type: 'NoSuchEntityException',
    message: 'The role with name executor cannot be found.',
    reason: /cannot be found/,
  },
  {
    claim: 'a policy that the role does not have',
    call: () => iam().send(new GetRolePolicyCommand({ RoleName: 'executor', PolicyName: 'none' })),
    status: 404,
    type: 'NoSuchEntityException',
    message: 'The role policy with name none cannot be found.',
    reason: /none cannot be found/,
  },
  {
    claim: 'GetRole without a permission',
    call: () => getRole('executor', 'nobody'),
    status: 403,
    type: 'AccessDenied',
    message: denied('iam:GetRole'),
    reason: /no statement allows it/,
  },
  {
    claim: 'ListRolePolicies without a permission',
    call: () => iam('nobody').send(new ListRolePoliciesCommand({ RoleName: 'executor' })),
    status: 403,
    type: 'AccessDenied',
    message: denied('iam:ListRolePolicies'),
    reason: /no statement allows it/,
  },
  {
    claim: 'a role outside of the policy, like one that is not there,',
    call: () => getRole('nobody', 'reader'),
    status: 403,
    type: 'AccessDenied',
    message:
      /^User: arn:aws:iam::111111111111:user\/reader is not authorized to perform: iam:GetRole on resource: role nobody /,
    reason: /role\/nobody/,
  },
  {
    claim: 'an operation that changes something',
    call: () => iam().send(new CreateRoleCommand({ RoleName: 'new', AssumeRolePolicyDocument: '{}' })),
    status: 501,
    type: 'LocalUnsupported',
    message: 'The local stack does not imitate iam:CreateRole.',
    reason: /iam:CreateRole is not imitated/,
  },
  {
    claim: 'a signature for a third region',
    call: () => iam('admin', 'ap-northeast-1').send(new GetRoleCommand({ RoleName: 'executor' })),
    status: 403,
    type: 'SignatureDoesNotMatch',
    message: "Credential should be scoped to a valid region, not 'ap-northeast-1'. ",
    reason: /us-east-1/,
  },
  {
    claim: 'an unknown key',
    call: () => new IAMClient(plane.as('ghost')).send(new GetRoleCommand({ RoleName: 'executor' })),
    status: 403,
    type: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid.',
    reason: /access key id/,
  },
])
