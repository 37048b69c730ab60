import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillTemplate, python } from '../../cli/setup/fill-template.ts'
import { type Client, type Journey, type Keys, name, type Outcome } from './journey.ts'
import { runPython } from './python.ts'

/** Rows as Snowflake hands them to a UDF: one list of arguments each. */
export type Rows = readonly (readonly unknown[])[]

export interface UdfOrder extends Journey {
  readonly batches: readonly Rows[]
  /** Sessions that the secret gives before it gives one of the door. */
  readonly outdated?: readonly Keys[]
}

const folder = join(import.meta.dirname, '../../infra/snowflake/udf')

/** The body as it is shipped, filled in as the set-up script does it, in CPython. */
export const runUdf = async (file: string, order: UdfOrder): Promise<Outcome> => {
  const { endpoint, path, region } = order
  const body = fillTemplate(readFileSync(join(folder, file), 'utf8'), { url: `${endpoint}${path}`, region }, python)
  const outcome = await runPython('udf.py', { ...order, stsRegion: 'eu-central-1', body, handler: 'hello' })
  const status = /^hello failed with status (\d+): /.exec(outcome.words)?.[1]
  return status === undefined ? outcome : { ...outcome, status: Number(status) }
}

const greetsAlice = (file: string) => async (journey: Journey) => {
  const outcome = await runUdf(file, { ...journey, batches: [[[name]]] })
  // The one row's value is what the other clients get as a body.
  return { ...outcome, words: outcome.words.replace(/^\[(.*)\]$/, '$1') }
}

export const udf: Client = {
  name: 'Snowflake UDF (requests + aws-requests-auth)',
  calls: 'execute-api',
  shows: ['status'],
  travel: greetsAlice('hello.py'),
  cannot: { 'wrong service': 'its body names execute-api' },
}

/** For the page of clients it is the same one: what it signs with is what the other signs with. */
export const vectorizedUdf: Client = {
  ...udf,
  name: 'Snowflake UDF, vectorized',
  travel: greetsAlice('hello_vectorized.py'),
}
