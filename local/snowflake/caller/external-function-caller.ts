import { deflateSync, gzipSync } from 'node:zlib'
import type { ExternalCall } from '../engine/external-call.ts'
import type { Json } from '../engine/values/index.ts'
import type { AssumeRole } from './assume-role.ts'
import { exchangeBatch, type Sleep } from './batch-exchange.ts'
import { batchesOf, batchHeaders, encodingOf } from './batch-request.ts'
import { externalFunctionErrors } from './external-function-errors.ts'
import type { Transport } from './http-transport.ts'
import { mapConcurrent } from './map-concurrent.ts'
import { signRequest } from './sign-request.ts'

interface ExternalFunctionCallerDependencies {
  readonly assumeRole: AssumeRole
  readonly transport: Transport
  /** Where the URL of an API is served here; undefined where nothing answers it. */
  readonly resolveApiUrl: (url: URL) => URL | undefined
  readonly now: () => Date
  readonly sleep: Sleep
  readonly print: (line: string) => void
}

/** The values that the service gives for the rows, in their order. */
export type CallExternalFunction = (call: ExternalCall) => Promise<readonly Json[]>

/** Calls external functions as Snowflake does. */
export const createExternalFunctionCaller = ({
  assumeRole,
  transport,
  resolveApiUrl,
  now,
  sleep,
  print,
}: ExternalFunctionCallerDependencies): CallExternalFunction => {
  const send = async (call: ExternalCall, url: URL, { method, body, headers, signal }: BatchRequest) => {
    const credentials = await assumeRole(call.roleArn, call.externalId)
    const request = await signRequest({ method, url, headers, body, signal }, credentials, {
      region: regionOf(call.url),
      now: now(),
    })
    return transport(request).catch((failure: unknown) => ({ failure }))
  }

  return async (call) => {
    const { name, rows, maxBatchRows, queryId, callNumber } = call
    const url = resolveApiUrl(call.url)
    if (!url) throw externalFunctionErrors.unreachable(name)
    const batches = batchesOf(rows, maxBatchRows)
    const failureAbort = new AbortController()
    const signal = AbortSignal.any([call.signal, failureAbort.signal])
    const answers = await mapConcurrent(
      batches.length,
      async (index, slowDown) => {
        const batch = batches[index] ?? { rowCount: 0, body: '' }
        const batchId = `${queryId}:${callNumber}:${index + 1}:0:0`
        const headers = batchHeaders(call, batchId)
        const postRequest = { body: compress(call, batch.body), headers: { ...headers, ...bodyHeaders(call) } }
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
            send(call, url, { method, signal, ...(method === 'POST' ? postRequest : { headers, body: undefined }) }),
        })
      },
      () => failureAbort.abort(),
    )
    return answers.flat()
  }
}

interface BatchRequest {
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

const compress = (call: ExternalCall, body: string): Buffer => {
  const encoding = encodingOf(call)
  return encoding === 'gzip' ? gzipSync(body) : encoding === 'deflate' ? deflateSync(body) : Buffer.from(body)
}

/** `https://<api>.execute-api.<region>.amazonaws.com/…` */
const regionOf = (url: URL): string => url.hostname.split('.')[2] ?? ''
