import type { AddressInfo } from 'node:net'
import type { DeployedResources } from '../../../local/deployment/deployed-resources.ts'
import { readTemplate } from '../../../local/deployment/read-template.ts'
import { createWireServer } from '../../../local/http.ts'
import type { Principal } from '../../../local/iam/index.ts'
import { createIdentifiers } from '../../../local/identifiers.ts'
import { createJournal } from '../../../local/journal.ts'
import { createControlPlane } from '../../../local/router.ts'
import { template } from '../deployment/minimal-template.ts'

const accountId = '111111111111'

const allow = (statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
})

const user = (name: string, account: string, statements: readonly object[]): Principal => ({
  type: 'User',
  accountId: account,
  arn: `arn:aws:iam::${account}:user/${name}`,
  principalArn: `arn:aws:iam::${account}:user/${name}`,
  userId: `AIDA${name.toUpperCase()}`,
  identityPolicies: [{ name: `policy of ${name}`, document: allow(statements) }],
})

/** Callers: an administrator, a reader of one resource of each kind, a user without permissions, and one of another account. */
const callers = {
  admin: user('admin', accountId, [{ Action: '*', Resource: '*' }]),
  reader: user('reader', accountId, [
    { Action: ['iam:GetRole', 'iam:GetRolePolicy'], Resource: `arn:aws:iam::${accountId}:role/executor` },
    { Action: 'cloudformation:DescribeStacks', Resource: `arn:aws:cloudformation:*:${accountId}:stack/stack/*` },
    { Action: 'apigateway:GET', Resource: 'arn:aws:apigateway:eu-central-1::/restapis/*' },
    { Action: 'lambda:GetPolicy', Resource: `arn:aws:lambda:eu-central-1:${accountId}:function:greeter` },
  ]),
  nobody: user('nobody', accountId, []),
  stranger: user('stranger', '666666666666', [{ Action: '*', Resource: '*' }]),
} as const

export type TestCaller = keyof typeof callers

const keyOf = (name: string) => ({ accessKeyId: `AKIA${name.toUpperCase()}`, secretAccessKey: `secret of ${name}` })

const isTestCaller = (name: string): name is TestCaller => Object.hasOwn(callers, name)

/** The template whose stack stands: one API, a function that the API may invoke, and its role with a policy. */
const deployedTemplate = template({
  variables: { COLOUR: { Ref: 'Colour' } },
  apiProperties: {
    Policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/dev/*' }],
    },
  },
  resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'executor',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::222222222222:role/It's (a) "role"*` } }],
        },
        Policies: [{ PolicyName: 'log', PolicyDocument: allow([{ Action: 'logs:PutLogEvents', Resource: '*' }]) }],
        Tags: [{ Key: 'team', Value: 'A & B' }],
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:eu-central-1:111111111111:${Api}/dev/POST/hello' },
      },
    },
    Silent: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'silent',
        Code: { S3Key: 'silent.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 7,
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
    },
    Uncreated: { Type: 'AWS::Logs::LogGroup', Condition: 'Never', Properties: {} },
  },
  conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
})

export const deployedAt = new Date('2026-01-15T10:11:12Z')

/** The control plane over the stack of that template, on a port; `deployment` can be replaced while it runs. */
export const startControlPlane = async () => {
  const identifiers = createIdentifiers('test')
  const now = () => new Date()
  const uploaded = {
    ...deployedTemplate,
    Outputs: {
      Url: {
        Description: 'where',
        Value: { 'Fn::Sub': 'https://${Api}/' },
        Export: { Name: { 'Fn::Sub': '${AWS::StackName}-url' } },
      },
      Bare: { Value: { Ref: 'Role' } },
    },
  }
  let deployment = readTemplate(uploaded, {
    location: { accountId, region: 'eu-central-1' },
    stackName: 'stack',
    identifiers,
    now: deployedAt,
  })
  const journal = createJournal(() => {})
  const controlPlane = createControlPlane({
    deployment: () => deployment,
    keyRing: {
      roleIdOf: () => 'AROAEXAMPLEEXAMPLE123',
      findKey: (id) => {
        const name = id.slice('AKIA'.length).toLowerCase()
        return isTestCaller(name) ? { ...keyOf(name), owner: callers[name] } : undefined
      },
    },
    identifiers,
    journal,
    now,
  })
  const notHandled = { status: 404, headers: {}, body: 'not asked of the control plane' }
  const server = createWireServer({ answer: async (request) => (await controlPlane(request)) ?? notHandled, now })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
  return {
    /** For the constructor of any client of the SDK. */
    as: (name: string, region = 'eu-central-1') => ({ endpoint, region, maxAttempts: 1, credentials: keyOf(name) }),
    journal,
    template: uploaded,
    deployment: () => deployment,
    change: (change: (before: DeployedResources) => DeployedResources) => {
      deployment = change(deployment)
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type ControlPlane = Awaited<ReturnType<typeof startControlPlane>>
