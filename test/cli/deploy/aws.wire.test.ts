import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { defaultRegion } from '../../../cli/osls/default-region.ts'
import { runSnowgate } from '../run-snowgate.ts'

interface Reply {
  readonly status: number
  readonly body: string
}

/** In the words of the query protocol. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html */
const rejection = (status: number, code: string, message: string): Reply => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
})

const identity: Reply = {
  status: 200,
  body: '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/deployer</Arn><UserId>AIDAEXAMPLE</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
}

const stackIn = (status: string, reason = ''): Reply => ({
  status: 200,
  body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>snowgate-dev</StackName><StackStatus>${status}</StackStatus>${
    reason && `<StackStatusReason>${reason}</StackStatusReason>`
  }<CreationTime>2026-11-24T12:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
})

const noStack = rejection(400, 'ValidationError', 'Stack with id snowgate-dev does not exist')

const templateOf = (resources: object): Reply => ({
  status: 200,
  body: `<GetTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetTemplateResult><TemplateBody>${JSON.stringify({ Resources: resources })}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
})

let replies: Readonly<Record<string, Reply>> = {}
let requestedActions: string[] = []
const server = createServer(async (request, response) => {
  const action = new URLSearchParams(await text(request)).get('Action') ?? ''
  requestedActions.push(action)
  const { status, body } = replies[action] ?? rejection(400, 'InvalidAction', action)
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
})
let endpoint: string
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00', AWS_SECRET_ACCESS_KEY: 'secret', AWS_MAX_ATTEMPTS: '1' }

interface Case {
  readonly what: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly replies?: Readonly<Record<string, Reply>>
  readonly code: number
  readonly message: RegExp
  readonly requests: readonly string[]
}

const deploy = ['deploy', '--stage', 'dev']
const remove = ['remove', '--stage', 'dev']

const cases: readonly Case[] = [
  {
    what: 'without credentials',
    args: deploy,
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    code: 1,
    message: /sts:GetCallerIdentity failed\. CredentialsProviderError: .*\nLog in \(aws sso login\), pass --profile/,
    requests: [],
  },
  {
    what: 'with a profile that is not there',
    args: [...deploy, '--profile', 'work'],
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    code: 1,
    message: /sts:GetCallerIdentity with the profile work failed\. CredentialsProviderError: .*\nLog in/,
    requests: [],
  },
  {
    what: 'with nobody at the endpoint',
    args: deploy,
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    code: 1,
    message: /ECONNREFUSED.*\nCheck the region, and AWS_ENDPOINT_URL/,
    requests: [],
  },
  {
    what: 'with a session that is over',
    args: deploy,
    replies: {
      GetCallerIdentity: rejection(403, 'ExpiredToken', 'The security token included in the request is expired'),
    },
    code: 1,
    message:
      /ExpiredToken: The security token included in the request is expired\nThe session has expired\. Get new credentials\./,
    requests: ['GetCallerIdentity'],
  },
  {
    what: 'with keys of nobody',
    args: remove,
    replies: {
      GetCallerIdentity: rejection(
        403,
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
      ),
    },
    code: 1,
    message: /InvalidClientTokenId: .*\nAWS does not know these keys/,
    requests: ['GetCallerIdentity'],
  },
  {
    what: 'without permission',
    args: deploy,
    replies: {
      GetCallerIdentity: identity,
      DescribeStacks: rejection(403, 'AccessDenied', 'User: arn:aws:iam::111111111111:user/deployer is not authorized'),
    },
    code: 4,
    message:
      /cloudformation:DescribeStacks failed\. AccessDenied: .*user\/deployer is not authorized\ndocs\/deploy\.md lists/,
    requests: ['GetCallerIdentity', 'DescribeStacks'],
  },
  ...['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED', 'REVIEW_IN_PROGRESS'].map((status) => ({
    what: `over a stack in ${status}`,
    args: deploy,
    replies: { GetCallerIdentity: identity, DescribeStacks: stackIn(status, 'for a reason') },
    code: 1,
    message: new RegExp(
      `Stack snowgate-dev was not created completely and cannot be updated \\(${status}\\)\\. Reason: for a reason\nRemove it with: npx snowgate remove --aws --stage dev\\. Then deploy again\\.`,
    ),
    requests: ['GetCallerIdentity', 'DescribeStacks'],
  })),
  {
    what: 'over a stack in UPDATE_ROLLBACK_FAILED',
    args: deploy,
    replies: { GetCallerIdentity: identity, DescribeStacks: stackIn('UPDATE_ROLLBACK_FAILED') },
    code: 1,
    message:
      /\(UPDATE_ROLLBACK_FAILED\)\.\nFix the problem in its events, run aws cloudformation continue-update-rollback --stack-name snowgate-dev/,
    requests: ['GetCallerIdentity', 'DescribeStacks'],
  },
  ...[deploy, remove].map((args) => ({
    what: `${args[0]} while somebody changes the stack`,
    args,
    replies: { GetCallerIdentity: identity, DescribeStacks: stackIn('UPDATE_IN_PROGRESS') },
    code: 1,
    message: /has an update in progress \(UPDATE_IN_PROGRESS\)\.\nWait for it to finish, then try again\./,
    requests: ['GetCallerIdentity', 'DescribeStacks'],
  })),
  {
    what: 'remove where nothing is',
    args: remove,
    replies: { GetCallerIdentity: identity, DescribeStacks: noStack },
    code: 1,
    message:
      /Stack snowgate-dev does not exist in account 111111111111, region eu-central-1\.\nCheck --region and --profile\./,
    requests: ['GetCallerIdentity', 'DescribeStacks'],
  },
  {
    what: 'remove of a failed first deployment, without a terminal',
    args: remove,
    replies: {
      GetCallerIdentity: identity,
      DescribeStacks: stackIn('ROLLBACK_COMPLETE'),
      GetTemplate: templateOf({ ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket' } }),
    },
    code: 2,
    message:
      /About to remove stage dev \(account 111111111111 in eu-central-1, as arn:aws:iam::111111111111:user\/deployer\)\.\n\nsnowgate: Not a terminal\./,
    requests: ['GetCallerIdentity', 'DescribeStacks', 'GetTemplate'],
  },
  {
    what: 'remove of what does not tell its map, as a dry run',
    args: [...remove, '--dry-run'],
    replies: {
      GetCallerIdentity: identity,
      DescribeStacks: stackIn('UPDATE_COMPLETE'),
      GetTemplate: templateOf({ HelloLambdaFunction: { Type: 'AWS::Lambda::Function' } }),
    },
    code: 0,
    message: /The deployed template has no access map; its callers cannot be listed\./,
    requests: ['GetCallerIdentity', 'DescribeStacks', 'GetTemplate'],
  },
]

for (const { what, args, env, replies: caseReplies = {}, code, message, requests: expected } of cases) {
  test(`${what}: reported before anything is packaged or changed`, async () => {
    replies = caseReplies
    requestedActions = []
    const ended = await runSnowgate(args, { env: { ...keys, AWS_ENDPOINT_URL: endpoint, ...env } })
    assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr)
    assert.match(ended.stderr, message)
    assert.doesNotMatch(ended.stderr, /Packaging|secret/)
    assert.deepEqual(requestedActions, expected)
  })
}

test('without --region the region of serverless.yml is used', () => {
  assert.equal(defaultRegion(process.cwd()), 'eu-central-1')
})
