import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { Agent } from 'node:https'
import { connect } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type AwsSettings, assumedRole, keyPair } from '../../../shared/credentials/index.ts'
import { loopbackAws, parameter, session } from './loopback-aws.ts'
import { ownKeys, patient } from './surroundings.ts'

/** Whatever host is asked for, without TLS, to a port of this machine. */
const agentTo = (port: number): Agent =>
  Object.assign(new Agent(), { createConnection: () => connect({ port, host: '127.0.0.1' }) })

const regions: readonly (readonly [string, string, string])[] = [
  ['eu-central-1', 'aws', 'amazonaws.com'],
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
]

for (const [region, partition, domain] of regions) {
  test(`in ${region} the regional endpoints of its partition are asked, and signed for`, async (t) => {
    const aws = await loopbackAws(t, (received) =>
      received.parameters['Action'] ? session(received) : parameter(received, 'no key'),
    )
    const settings: AwsSettings = {
      region,
      credentials: async () => ownKeys,
      requestHandler: { httpsAgent: agentTo(aws.port) },
    }
    const roleArn = `arn:${partition}:iam::333333333333:role/Reader`
    const via = { roleArn: `arn:${partition}:iam::111111111111:role/Hub`, sessionName: 'hub' }
    await assumedRole(settings)({ roleArn, sessionName: 'analytics', via }, patient())
    const login = keyPair({ parameters: { privateKey: '/a' }, aws: settings })
    await assert.rejects(login.privateKey(patient()), { code: 'PRIVATE_KEY_UNUSABLE' })
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

/** What a process prints that has nothing but these variables and asks for a role with settings that name the region alone. */
const inProcessWith = async (variables: Readonly<Record<string, string>>): Promise<string> => {
  const program = `
    import { assumedRole } from ${JSON.stringify(`${import.meta.dirname}/../../../shared/credentials/index.ts`)}
    const role = { roleArn: 'arn:aws:iam::333333333333:role/Reader', sessionName: 'analytics' }
    const asked = assumedRole({ region: 'eu-central-1' })(role, AbortSignal.timeout(10_000))
    console.log(await asked.then(({ accessKeyId }) => accessKeyId, ({ code }) => code))`
  const args = ['--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { HOME: '/nowhere', ...variables } })
  return stdout.trim()
}

test('endpoint and own credentials are those of the environment, as Lambda has them, unless settings say otherwise', async (t) => {
  const sts = await loopbackAws(t, session)
  const printed = await inProcessWith({
    AWS_ENDPOINT_URL: sts.endpoint,
    AWS_ACCESS_KEY_ID: ownKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ownKeys.secretAccessKey,
    AWS_SESSION_TOKEN: ownKeys.sessionToken,
  })
  assert.equal(printed, 'ASIA1')
  assert.equal(sts.received[0]?.headers['x-amz-security-token'], ownKeys.sessionToken)
})

test('a process without credentials is told so, and asks nobody', async (t) => {
  const sts = await loopbackAws(t, session)
  const printed = await inProcessWith({ AWS_ENDPOINT_URL: sts.endpoint, AWS_EC2_METADATA_DISABLED: 'true' })
  assert.equal(printed, 'OWN_CREDENTIALS_UNUSABLE')
  assert.equal(sts.received.length, 0)
})
