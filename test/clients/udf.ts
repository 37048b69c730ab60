import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillTemplate, pythonQuoting } from '../../cli/setup/sql-templates.ts'
import { type Client, type ClientCall, type ClientCredentials, type ClientResult, name } from './client-call.ts'
import { runPython } from './run-python.ts'

/** Rows as Snowflake hands them to a UDF: one list of arguments each. */
export type Rows = readonly (readonly unknown[])[]

export interface UdfCall extends ClientCall {
  readonly batches: readonly Rows[]
  /** Sessions that the secret returns first, before one of the caller role. */
  readonly expiredSessions?: readonly ClientCredentials[]
}

const folder = join(import.meta.dirname, '../../infra/snowflake/udf')

/** The body as it is shipped, filled in as the set-up script does it, in CPython. */
export const runUdf = async (file: string, call: UdfCall): Promise<ClientResult> => {
  const { endpoint, path, region } = call
  const body = fillTemplate(
    readFileSync(join(folder, file), 'utf8'),
    { url: `${endpoint}${path}`, region },
    pythonQuoting,
  )
  const outcome = await runPython('udf.py', { ...call, stsRegion: 'eu-central-1', body, handler: 'hello' })
  const status = /^hello failed with status (\d+): /.exec(outcome.message)?.[1]
  return status === undefined ? outcome : { ...outcome, status: Number(status) }
}

const runHello = (file: string) => async (call: ClientCall) => {
  const outcome = await runUdf(file, { ...call, batches: [[[name]]] })
  // The value of the only row is the body for other clients.
  return { ...outcome, message: outcome.message.replace(/^\[(.*)\]$/, '$1') }
}

export const udf: Client = {
  name: 'Snowflake UDF (requests + aws-requests-auth)',
  calls: 'execute-api',
  reportedFields: ['status'],
  run: runHello('hello.py'),
  unsupportedCases: { 'wrong service': 'its body names execute-api' },
}

/** docs/clients.md lists it with the other UDF, because both sign with the same library. */
export const vectorizedUdf: Client = {
  ...udf,
  name: 'Snowflake UDF, vectorized',
  run: runHello('hello_vectorized.py'),
}
