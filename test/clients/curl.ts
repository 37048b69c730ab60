import { runProgram } from '../run-program.ts'
import { assumeRoleForm, readSession } from './assume-role-query.ts'
import { type Client, type ClientCall, type ClientCredentials, type ClientResult, name } from './client-call.ts'

interface CurlRequest {
  readonly url: string
  readonly service: string
  readonly region: string
  readonly keys: ClientCredentials
  readonly headers?: readonly string[]
  readonly data: string
}

/** The keys go through a configuration on standard input: arguments are visible to every user of the machine. */
const post = async ({ url, service, region, keys, headers = [], data }: CurlRequest) => {
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
    message: body.join('\r\n\r\n') || stderr,
  }
}

const run = async (call: ClientCall): Promise<ClientResult> => {
  const { endpoint, callerRole, region, service, secretOverride } = call
  let keys = call.keys
  if (callerRole) {
    const response = await post({ url: `${endpoint}/`, service: 'sts', region, keys, data: assumeRoleForm(callerRole) })
    const session = readSession(response.message, response.status)
    if ('message' in session) return session
    keys = session
  }
  return post({
    url: `${endpoint}${call.path}`,
    service,
    region,
    keys: { ...keys, ...(secretOverride && { secretAccessKey: secretOverride }) },
    headers: ['Content-Type: application/json'],
    data: JSON.stringify({ name }),
  })
}

export const curl: Client = {
  name: 'curl --aws-sigv4',
  calls: 'execute-api',
  reportedFields: ['status', 'errorType'],
  run,
}
