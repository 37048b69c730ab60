import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { Agent } from 'node:https'
import { connect } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { createAssumeRole } from '../../../shared/aws/assume-role.ts'
import { createKeyPairReader } from '../../../shared/aws/key-pair-reader.ts'
import type { AwsClientOptions } from '../../../shared/aws/sdk-client-options.ts'
import { assumeRoleResponse, getParameterResponse, startFakeAws } from './fake-aws-server.ts'
import { longTimeout, serviceCredentials } from './retry-dependencies.ts'

/** Connects to a port of this machine, without TLS, for any host. */
const agentTo = (port: number): Agent =>
  Object.assign(new Agent(), { createConnection: () => connect({ port, host: '127.0.0.1' }) })

const regions: readonly (readonly [string, string, string])[] = [
  ['eu-central-1', 'aws', 'amazonaws.com'],
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
]

for (const [region, partition, domain] of regions) {
  test(`in ${region} requests go to the regional endpoints of its partition, and are signed for it`, async (t) => {
    const aws = await startFakeAws(t, (received) =>
      received.parameters['Action'] ? assumeRoleResponse(received) : getParameterResponse(received, 'no key'),
    )
    const settings: AwsClientOptions = {
      region,
      credentials: async () => serviceCredentials,
      requestHandler: { httpsAgent: agentTo(aws.port) },
    }
    const roleArn = `arn:${partition}:iam::333333333333:role/Reader`
    const via = { roleArn: `arn:${partition}:iam::111111111111:role/Hub`, sessionName: 'hub' }
    await createAssumeRole(settings)({ roleArn, sessionName: 'analytics', via }, longTimeout())
    const login = createKeyPairReader({ parameters: { privateKey: '/a' }, aws: settings })
    await assert.rejects(login.getPrivateKey(longTimeout()), { code: 'PRIVATE_KEY_UNUSABLE' })
    assert.deepEqual(
      aws.received.map(({ headers }) => [
        headers.host,
        /Credential=[^,]*/
          .exec(headers.authorization ?? '')?.[0]
          .split('/')
          .slice(2),
      ]),
      [
        [`sts.${region}.${domain}`, [region, 'sts', 'aws4_request']],
        [`sts.${region}.${domain}`, [region, 'sts', 'aws4_request']],
        [`ssm.${region}.${domain}`, [region, 'ssm', 'aws4_request']],
      ],
    )
  })
}

/** The output of a process with only these variables, which assumes a role with settings that contain only the region. */
const inProcessWith = async (variables: Readonly<Record<string, string>>): Promise<string> => {
  const program = `
    import { createAssumeRole } from ${JSON.stringify(`${import.meta.dirname}/../../../shared/aws/assume-role.ts`)}
    const role = { roleArn: 'arn:aws:iam::333333333333:role/Reader', sessionName: 'analytics' }
    const session = createAssumeRole({ region: 'eu-central-1' })(role, AbortSignal.timeout(10_000))
    console.log(await session.then(({ accessKeyId }) => accessKeyId, ({ code }) => code))`
  const args = ['--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { HOME: '/nowhere', ...variables } })
  return stdout.trim()
}

test('endpoint and own credentials come from the environment, as in Lambda, unless the settings have them', async (t) => {
  const sts = await startFakeAws(t, assumeRoleResponse)
  const printed = await inProcessWith({
    AWS_ENDPOINT_URL: sts.endpoint,
    AWS_ACCESS_KEY_ID: serviceCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: serviceCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: serviceCredentials.sessionToken,
  })
  assert.equal(printed, 'ASIA1')
  assert.equal(sts.received[0]?.headers['x-amz-security-token'], serviceCredentials.sessionToken)
})

test('a process without credentials gets OWN_CREDENTIALS_UNUSABLE, and sends no request', async (t) => {
  const sts = await startFakeAws(t, assumeRoleResponse)
  const printed = await inProcessWith({ AWS_ENDPOINT_URL: sts.endpoint, AWS_EC2_METADATA_DISABLED: 'true' })
  assert.equal(printed, 'OWN_CREDENTIALS_UNUSABLE')
  assert.equal(sts.received.length, 0)
})
