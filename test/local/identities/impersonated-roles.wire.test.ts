import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { issuerOf } from '../../../local/services/sts/index.ts'
import { temporaryFolder } from '../../infra/compile.ts'
import { type RunningStack, runningStack } from '../running-stack.ts'

const chain = ['arn:aws:iam::333333333333:role/jobs/First', 'arn:aws:iam::444444444444:role/team/Last'] as const
const last = `ARN = 'arn:aws:iam::444444444444:role/Last'`

const forms = [
  { stage: 'signed', more: '', identity: last },
  // With its path, which no signed request shows.
  {
    stage: 'tokened',
    more: ', webIdentityToken: true',
    identity: `ARN = '${chain[1]}' ISSUER = '${issuerOf('444444444444')}'`,
  },
]

const map = forms
  .map(
    ({ stage, more }) => `${stage}:
  callers: { one: { principals: [arn:aws:iam::222222222222:role/One], routes: [POST /snowflake-probe] } }
  snowflake: { account: myorg-myaccount, login: workload-identity, impersonate: [${chain}]${more} }
`,
  )
  .join('\n')

const admin = async ({ identity }: RunningStack) => {
  const { endpoints, region, accessKeyId, secretAccessKey } = await identity('admin')
  return { endpoint: endpoints.aws, region, credentials: { accessKeyId, secretAccessKey } }
}

const probe = async (stack: RunningStack, stage: string) => {
  const { Payload } = await new LambdaClient(await admin(stack)).send(
    new InvokeCommand({ FunctionName: `snowgate-${stage}-snowflake-probe`, Payload: '{}' }),
  )
  const { statusCode, body } = JSON.parse(Payload?.transformToString() ?? '')
  return { status: statusCode, value: JSON.parse(body) }
}

for (const { stage, more, identity } of forms) {
  test(`the function logs in as the last role of its chain${more && ', by token'}, which no other principal may assume`, async (t) => {
    const accessMap = join(await temporaryFolder(), 'access.yml')
    await writeFile(accessMap, map)
    const stack = await runningStack({ stage, accessMap })
    t.after(() => stack.stop())
    const user = `snowgate_${stage}_probe`
    const created = await stack.send({
      path: '/_snowgate/statements',
      body: JSON.stringify({
        session: 'test',
        sql: `CREATE USER ${user} TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ${identity})`,
      }),
    })
    assert.equal(JSON.parse(created.body).failure, undefined)

    const { status, value } = await probe(stack, stage)
    assert.deepEqual([status, value.user], [200, user.toUpperCase()], JSON.stringify(value))
    assert.match(value.identity, /^arn:aws:sts::444444444444:assumed-role\/Last\//)
    for (const RoleArn of chain) {
      const response = new STSClient(await admin(stack)).send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'someone' }),
      )
      await assert.rejects(response, { name: 'AccessDenied' })
    }
  })
}
