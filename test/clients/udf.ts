import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, type Journey, name, type Outcome } from './journey.ts'
import { runPython } from './python.ts'

const body = readFileSync(join(import.meta.dirname, '../../infra/snowflake/udf/hello.py'), 'utf8')

const travel = async (journey: Journey): Promise<Outcome> => {
  const rendered = body.replace('{{url}}', `${journey.endpoint}${journey.path}`).replace('{{region}}', journey.region)
  const outcome = await runPython('udf.py', { ...journey, stsRegion: 'eu-central-1', body: rendered, name })
  const status = /^hello was refused with status (\d+): /.exec(outcome.words)?.[1]
  return status === undefined ? outcome : { ...outcome, status: Number(status) }
}

export const udf: Client = {
  name: 'Snowflake UDF (requests + aws-requests-auth)',
  calls: 'execute-api',
  shows: ['status'],
  travel,
  cannot: { 'wrong service': 'its body names execute-api' },
}
