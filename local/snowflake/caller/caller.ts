import { deflateSync, gzipSync } from 'node:zlib'
import type { Json } from '../values/index.ts'
import type { AssumeRole } from './assume-role.ts'
import { batchesOf } from './batches.ts'
import { exchangeBatch, type Sleep } from './exchange.ts'
import type { ExternalCall } from './external-call.ts'
import { batchHeaders, encodingOf } from './headers.ts'
import { refusals } from './refusals.ts'
import { sideBySide } from './side-by-side.ts'
import { signed } from './signing.ts'
import type { Transport } from './transport.ts'

interface Needs {
  readonly assumeRole: AssumeRole
  readonly transport: Transport
  /** Where the URL of an API is served here; undefined where nothing answers it. */
  readonly resolve: (url: URL) => URL | undefined
  readonly now: () => Date
  readonly sleep: Sleep
  readonly print: (line: string) => void
}

/** The values that the service gives for the rows, in their order. */
export type Caller = (call: ExternalCall) => Promise<readonly Json[]>

/** Calls external functions as Snowflake does. */
export const createCaller = ({ assumeRole, transport, resolve, now, sleep, print }: Needs): Caller => {
  const send = async (call: ExternalCall, url: URL, { method, body, headers, signal }: Sending) => {
    const credentials = await assumeRole(call.roleArn, call.externalId)
    const request = await signed({ method, url, headers, body, signal }, credentials, {
      region: regionOf(call.url),
      now: now(),
    })
    return transport(request).catch((failure: unknown) => ({ failure }))
  }

  return async (call) => {
    const { name, rows, maxBatchRows, queryId, callNumber } = call
    const url = resolve(call.url)
    if (!url) throw refusals.unreachable(name)
    const batches = batchesOf(rows, maxBatchRows)
    const stopping = new AbortController()
    const signal = AbortSignal.any([call.signal, stopping.signal])
    const answers = await sideBySide(
      batches.length,
      async (index, slowDown) => {
        const batch = batches[index] ?? { rowCount: 0, body: '' }
        const batchId = `${queryId}:${callNumber}:${index + 1}:0:0`
        const headers = batchHeaders(call, batchId)
        const posted = { body: compressed(call, batch.body), headers: { ...headers, ...bodyHeaders(call) } }
        return exchangeBatch({
          name,
          batch,
          batchId,
          signal,
          slowDown,
          now,
          sleep,
          print,
          send: (method) =>
            send(call, url, { method, signal, ...(method === 'POST' ? posted : { headers, body: undefined }) }),
        })
      },
      () => stopping.abort(),
    )
    return answers.flat()
  }
}

interface Sending {
  readonly method: 'POST' | 'GET'
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
  readonly signal: AbortSignal
}

/** A GET has no body to describe. */
const bodyHeaders = (call: ExternalCall): Record<string, string> => ({
  'content-type': 'application/json',
  ...(encodingOf(call) && { 'content-encoding': encodingOf(call) }),
})

const compressed = (call: ExternalCall, body: string): Buffer => {
  const encoding = encodingOf(call)
  return encoding === 'gzip' ? gzipSync(body) : encoding === 'deflate' ? deflateSync(body) : Buffer.from(body)
}

/** `https://<api>.execute-api.<region>.amazonaws.com/…` */
const regionOf = (url: URL): string => url.hostname.split('.')[2] ?? ''
