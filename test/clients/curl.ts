import { runProgram } from '../run-program.ts'
import { assumeRoleForm, readSession } from './assume-role-query.ts'
import { type Client, type Journey, type Keys, name, type Outcome } from './journey.ts'

interface Order {
  readonly url: string
  readonly service: string
  readonly region: string
  readonly keys: Keys
  readonly headers?: readonly string[]
  readonly data: string
}

/** The keys go through a configuration on standard input: arguments are visible to everybody on the machine. */
const post = async ({ url, service, region, keys, headers = [], data }: Order) => {
  const signing = [
    `aws-sigv4 = "aws:amz:${region}:${service}"`,
    `user = "${keys.accessKeyId}:${keys.secretAccessKey}"`,
    ...(keys.sessionToken ? [`header = "X-Amz-Security-Token: ${keys.sessionToken}"`] : []),
  ]
  const { stdout, stderr } = await runProgram(
    'curl',
    ['-sS', '-i', '-K', '-', ...headers.flatMap((one) => ['-H', one]), '-d', data, url],
    {
      stdin: `${signing.join('\n')}\n`,
    },
  )
  const [head = '', ...body] = stdout.split('\r\n\r\n')
  const errorType = /^x-amzn-errortype: (\S+)/im.exec(head)?.[1]
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    ...(errorType !== undefined && { errorType }),
    words: body.join('\r\n\r\n') || stderr,
  }
}

const travel = async (journey: Journey): Promise<Outcome> => {
  const { endpoint, door, region, service, secretInstead } = journey
  let keys = journey.keys
  if (door) {
    const answer = await post({ url: `${endpoint}/`, service: 'sts', region, keys, data: assumeRoleForm(door) })
    const session = readSession(answer.words, answer.status)
    if ('words' in session) return session
    keys = session
  }
  return post({
    url: `${endpoint}${journey.path}`,
    service,
    region,
    keys: { ...keys, ...(secretInstead && { secretAccessKey: secretInstead }) },
    headers: ['Content-Type: application/json'],
    data: JSON.stringify({ name }),
  })
}

export const curl: Client = {
  name: 'curl --aws-sigv4',
  calls: 'execute-api',
  shows: ['status', 'errorType'],
  travel,
}
