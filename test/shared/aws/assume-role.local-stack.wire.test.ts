import assert from 'node:assert/strict'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type Stack, startStack } from '../../../local/stack.ts'
import { createAssumeRole, type RoleToAssume } from '../../../shared/aws/assume-role.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { compile, temporaryFolder } from '../../infra/compile.ts'
import { type StackIdentity, sign } from '../../local/running-stack.ts'
import { serviceMap } from '../../service-map.ts'
import { longTimeout } from './retry-dependencies.ts'

const callerRole = 'arn:aws:iam::111111111111:role/snowgate-dev-analytics'
const hub = 'arn:aws:iam::111111111111:role/hub'
const reader = 'arn:aws:iam::111111111111:role/reader'

const trusting = (roleName: string, principal: string, externalId: string, tagSession: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: roleName,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: principal },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': externalId } },
        },
        {
          Effect: 'Allow',
          Principal: { AWS: principal },
          Action: 'sts:TagSession',
          Condition: { StringEquals: tagSession },
        },
        {
          Effect: 'Allow',
          Principal: { AWS: principal },
          Action: 'sts:SetSourceIdentity',
          Condition: { StringEquals: { 'sts:SourceIdentity': 'alice' } },
        },
      ],
    },
  },
})

/** The deployment package, and two roles whose trust policies require every parameter of AssumeRole. */
const packageWithRoles = async (): Promise<string> => {
  const folder = join(await temporaryFolder(), 'package')
  await cp(await compile({ stage: 'dev', accessMap: serviceMap }), folder, { recursive: true })
  const file = join(folder, 'cloudformation-template-update-stack.json')
  const template = JSON.parse(await readFile(file, 'utf8'))
  template.Resources.Hub = trusting('hub', callerRole, 'hub-1', { 'aws:RequestTag/caller': 'analytics' })
  template.Resources.Reader = trusting('reader', hub, 'reader-1', { 'aws:PrincipalTag/caller': 'analytics' })
  await writeFile(file, JSON.stringify(template))
  return folder
}

let stack: Stack
let analytics: StackIdentity

before(async () => {
  stack = await startStack({
    packageDirectory: await packageWithRoles(),
    accessMapPath: serviceMap,
    port: 0,
    seed: 'test',
    print: () => {},
  })
  const response = await fetch(`${stack.url}/_snowgate/identities/analytics`)
  analytics = (await response.json()) as StackIdentity // the stack's own response
})
after(() => stack.stop())

const toCredentials = ({ accessKeyId, secretAccessKey, sessionToken }: StackIdentity) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken !== null && { sessionToken }),
})

const assume = (role: RoleToAssume) =>
  createAssumeRole({ region: 'eu-central-1', endpoint: stack.url, credentials: async () => toCredentials(analytics) })(
    role,
    longTimeout(),
  )

const full = { sessionName: 'alice@analytics', tags: { caller: 'analytics' }, sourceIdentity: 'alice' } as const
const viaHub: RoleToAssume = {
  ...full,
  roleArn: hub,
  externalId: 'hub-1',
  transitiveTags: ['caller'],
  durationSeconds: 900,
  via: { roleArn: callerRole, sessionName: 'analytics' },
}

test('a chain of roles with external ids, tags and a source identity gives a session that STS accepts', async () => {
  const credentials = await assume({ roleArn: reader, externalId: 'reader-1', sessionName: 'alice', via: viaHub })
  const sts = new STSClient({ region: 'eu-central-1', endpoint: stack.url, credentials: { ...credentials } })
  const { Arn } = await sts.send(new GetCallerIdentityCommand())
  assert.equal(Arn, 'arn:aws:sts::111111111111:assumed-role/reader/alice')
})

test('the requested duration is the duration of the session', async () => {
  const { expiration } = await assume(viaHub)
  const seconds = (expiration.getTime() - Date.now()) / 1_000
  assert.ok(seconds > 800 && seconds <= 900, `${seconds}`)
})

/** The mistake, and the action in STS's message. */
const denied: readonly (readonly [string, RoleToAssume, string])[] = [
  [
    'no external id',
    { ...full, roleArn: hub, via: { roleArn: callerRole, sessionName: 'analytics' } },
    'sts:AssumeRole',
  ],
  ['past the first role of the chain', { ...full, roleArn: hub, externalId: 'hub-1' }, 'sts:AssumeRole'],
  ['another external id', { ...viaHub, externalId: 'hub-2' }, 'sts:AssumeRole'],
  ['another tag', { ...viaHub, tags: { caller: 'reporting' } }, 'sts:TagSession'],
  ['another source identity', { ...viaHub, sourceIdentity: 'bob' }, 'sts:SetSourceIdentity'],
  ['a role that only the hub may assume', { ...viaHub, roleArn: reader, externalId: 'reader-1' }, 'sts:AssumeRole'],
  ['a role that does not exist', { ...viaHub, roleArn: `${hub}-2` }, 'sts:AssumeRole'],
  ['a tag that the caller role does not allow', { ...full, roleArn: callerRole }, 'sts:TagSession'],
]

for (const [what, role, action] of denied) {
  test(`a role is denied, and the log has the action: ${what}`, async () => {
    await assert.rejects(assume(role), (error) => {
      assert.ok(error instanceof ServiceError && error.cause instanceof Error)
      assert.deepEqual([error.code, error.status, error.detail], ['ROLE_DENIED', 422, undefined])
      assert.match(
        error.cause.message,
        new RegExp(`403 AccessDenied: User: .* is not authorized to perform: ${action} `),
      )
      return true
    })
  })
}

const invalid: readonly (readonly [string, RoleToAssume])[] = [
  ['a session name that STS does not take', { ...viaHub, sessionName: 'a b' }],
  [
    'a chain for longer than an hour',
    { ...viaHub, roleArn: reader, externalId: 'reader-1', durationSeconds: 7_200, via: viaHub },
  ],
  ['a session policy that is none', { ...viaHub, policy: '{' }],
]

for (const [what, role] of invalid) {
  test(`an invalid request is a permanent error: ${what}`, async () => {
    await assert.rejects(assume(role), { code: 'AWS_REQUEST_REFUSED', status: 422 })
  })
}

test('credentials that are over are the service’s own fault', async () => {
  const response = await fetch(`${stack.url}/_snowgate/identities/expired`)
  const expired = toCredentials((await response.json()) as StackIdentity) // as above
  const settings = { region: 'eu-central-1', endpoint: stack.url, credentials: async () => expired }
  await assert.rejects(createAssumeRole(settings)(viaHub, longTimeout()), {
    code: 'OWN_CREDENTIALS_UNUSABLE',
    status: 422,
  })
})

test('a session policy narrows the role to the one call it names', async () => {
  const { host } = new URL(stack.url)
  const only = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:*/dev/PUT/hello' }
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [only] })
  const statuses = async (role: RoleToAssume) => {
    const credentials = await assume(role)
    return Promise.all(
      ['PUT', 'POST'].map(async (method) => {
        const body = '{"name":"Alice"}'
        const { path, headers = {} } = sign({ method, path: '/dev/hello', body }, credentials, { host })
        return (await fetch(`${stack.url}${path}`, { method, headers, body })).status
      }),
    )
  }
  const role = { roleArn: callerRole, sessionName: 'alice' }
  assert.deepEqual(await statuses(role), [200, 200])
  assert.deepEqual(await statuses({ ...role, policy }), [200, 403])
})
