import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { temporaryFolder } from '../infra/compile.ts'
import { runProgram } from '../run-program.ts'
import { environmentOf } from './environment-of.ts'
import { type Client, type Journey, type Keys, name, type Outcome } from './journey.ts'
import { pythonBin } from './python-environment.ts'

const session = z.object({
  Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
})

const aws = ({ endpoint, region }: Journey, keys: Keys, args: readonly string[]) =>
  runProgram(join(pythonBin, 'aws'), args, {
    env: { ...environmentOf(keys), AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_DEFAULT_REGION: region },
  })

/** `An error occurred (AccessDenied) when calling the AssumeRole operation: …` */
const refusal = (stderr: string): Outcome => {
  const [, errorType, words] =
    /An error occurred \((\w+)\) when calling the \w+ operation: ([\s\S]*)/.exec(stderr) ?? []
  return { ...(errorType !== undefined && { errorType }), words: words?.trim() ?? stderr }
}

const travel = async (journey: Journey): Promise<Outcome> => {
  const { door, secretInstead } = journey
  let keys = journey.keys
  if (door) {
    const externalId = door.externalId === undefined ? [] : ['--external-id', door.externalId]
    const args = ['sts', 'assume-role', '--role-arn', door.roleArn, '--role-session-name', 'client', ...externalId]
    const { code, stdout, stderr } = await aws(journey, keys, args)
    if (code !== 0) return refusal(stderr)
    const { Credentials } = session.parse(JSON.parse(stdout))
    keys = {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    }
  }
  if (secretInstead) keys = { ...keys, secretAccessKey: secretInstead }
  const answer = join(await temporaryFolder(), 'answer.json')
  const payload = JSON.stringify({ name })
  const { code, stderr } = await aws(journey, keys, [
    'lambda',
    'invoke',
    '--function-name',
    journey.functionName,
    '--payload',
    payload,
    answer,
  ])
  return code === 0 ? { words: await readFile(answer, 'utf8') } : refusal(stderr)
}

export const awsCli: Client = {
  name: 'AWS CLI',
  calls: 'lambda',
  shows: ['errorType'],
  travel,
  cannot: { 'wrong service': 'it knows the name itself', 'explicit deny': 'no policy of the function denies' },
}
