import { join } from 'node:path'
import { runProgram } from '../run-program.ts'
import { assumeRoleForm, readSession } from './assume-role-query.ts'
import { environmentOf } from './environment-of.ts'
import { type Client, type Journey, type Keys, name, type Outcome } from './journey.ts'
import { pythonBin } from './python-environment.ts'

interface Order {
  readonly url: string
  readonly service: string
  readonly region: string
  readonly keys: Keys
  readonly contentType: string
  readonly data: string
}

/** It prints the body alone, whatever the status. */
const post = async ({ url, service, region, keys, contentType, data }: Order): Promise<string> => {
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
  const { stdout, stderr } = await runProgram(join(pythonBin, 'awscurl'), [...args, url], { env: environmentOf(keys) })
  return stdout.trimEnd() || stderr
}

const travel = async (journey: Journey): Promise<Outcome> => {
  const { endpoint, door, region, service, secretInstead } = journey
  let keys = journey.keys
  if (door) {
    const form = 'application/x-www-form-urlencoded'
    const order = { url: `${endpoint}/`, service: 'sts', region, keys, contentType: form, data: assumeRoleForm(door) }
    const session = readSession(await post(order), undefined)
    if ('words' in session) return session
    keys = session
  }
  return {
    words: await post({
      url: `${endpoint}${journey.path}`,
      service,
      region,
      keys: { ...keys, ...(secretInstead && { secretAccessKey: secretInstead }) },
      contentType: 'application/json',
      data: JSON.stringify({ name }),
    }),
  }
}

export const awscurl: Client = {
  name: 'awscurl',
  calls: 'execute-api',
  shows: [],
  travel,
}
