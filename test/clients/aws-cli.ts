import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { temporaryFolder } from '../infra/compile.ts'
import { runProgram } from '../run-program.ts'
import { type Client, type ClientCall, type ClientCredentials, type ClientResult, name } from './client-call.ts'
import { credentialVariables } from './credential-variables.ts'
import { pythonBin } from './python-environment.ts'

const session = z.object({
  Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
})

const aws = ({ endpoint, region }: ClientCall, keys: ClientCredentials, args: readonly string[]) =>
  runProgram(join(pythonBin, 'aws'), args, {
    env: { ...credentialVariables(keys), AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_DEFAULT_REGION: region },
  })

/** `An error occurred (AccessDenied) when calling the AssumeRole operation: …` */
const parseError = (stderr: string): ClientResult => {
  const [, errorType, message] =
    /An error occurred \((\w+)\) when calling the \w+ operation: ([\s\S]*)/.exec(stderr) ?? []
  return { ...(errorType !== undefined && { errorType }), message: message?.trim() ?? stderr }
}

const run = async (call: ClientCall): Promise<ClientResult> => {
  const { callerRole, secretOverride } = call
  let keys = call.keys
  if (callerRole) {
    const externalId = callerRole.externalId === undefined ? [] : ['--external-id', callerRole.externalId]
    const args = [
      'sts',
      'assume-role',
      '--role-arn',
      callerRole.roleArn,
      '--role-session-name',
      'client',
      ...externalId,
    ]
    const { code, stdout, stderr } = await aws(call, keys, args)
    if (code !== 0) return parseError(stderr)
    const { Credentials } = session.parse(JSON.parse(stdout))
    keys = {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    }
  }
  if (secretOverride) keys = { ...keys, secretAccessKey: secretOverride }
  const responseFile = join(await temporaryFolder(), 'answer.json')
  const payload = JSON.stringify({ name })
  const { code, stderr } = await aws(call, keys, [
    'lambda',
    'invoke',
    '--function-name',
    call.functionName,
    '--payload',
    payload,
    responseFile,
  ])
  return code === 0 ? { message: await readFile(responseFile, 'utf8') } : parseError(stderr)
}

export const awsCli: Client = {
  name: 'AWS CLI',
  calls: 'lambda',
  reportedFields: ['errorType'],
  run,
  unsupportedCases: {
    'wrong service': 'it knows the name itself',
    'explicit deny': 'no policy of the function denies',
  },
}
