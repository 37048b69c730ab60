import { join } from 'node:path'
import { runProgram } from '../run-program.ts'
import { assumeRoleForm, readSession } from './assume-role-query.ts'
import { type Client, type ClientCall, type ClientCredentials, type ClientResult, name } from './client-call.ts'
import { credentialVariables } from './credential-variables.ts'
import { pythonBin } from './python-environment.ts'

interface AwscurlRequest {
  readonly url: string
  readonly service: string
  readonly region: string
  readonly keys: ClientCredentials
  readonly contentType: string
  readonly data: string
}

/** It prints only the body, with any status. */
const post = async ({ url, service, region, keys, contentType, data }: AwscurlRequest): Promise<string> => {
  const args = [
    '--service',
    service,
    '--region',
    region,
    '-X',
    'POST',
    '-H',
    `Content-Type: ${contentType}`,
    '-d',
    data,
  ]
  const { stdout, stderr } = await runProgram(join(pythonBin, 'awscurl'), [...args, url], {
    env: credentialVariables(keys),
  })
  return stdout.trimEnd() || stderr
}

const run = async (call: ClientCall): Promise<ClientResult> => {
  const { endpoint, callerRole, region, service, secretOverride } = call
  let keys = call.keys
  if (callerRole) {
    const form = 'application/x-www-form-urlencoded'
    const request = {
      url: `${endpoint}/`,
      service: 'sts',
      region,
      keys,
      contentType: form,
      data: assumeRoleForm(callerRole),
    }
    const session = readSession(await post(request), undefined)
    if ('message' in session) return session
    keys = session
  }
  return {
    message: await post({
      url: `${endpoint}${call.path}`,
      service,
      region,
      keys: { ...keys, ...(secretOverride && { secretAccessKey: secretOverride }) },
      contentType: 'application/json',
      data: JSON.stringify({ name }),
    }),
  }
}

export const awscurl: Client = {
  name: 'awscurl',
  calls: 'execute-api',
  reportedFields: [],
  run,
}
