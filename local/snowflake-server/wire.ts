import { gunzipSync } from 'node:zlib'
import { headerValue, type WireAnswer, type WireRequest } from '../http/index.ts'
import type { Refusal } from './refusals.ts'

const largestBody = 64 * 1024 * 1024

/** The JSON of a request, inflated; undefined for what is none. An empty body is an empty object: drivers send both. */
export const readJson = (request: WireRequest): unknown => {
  try {
    const isGzip = headerValue(request, 'content-encoding')?.toLowerCase() === 'gzip'
    const body = isGzip ? gunzipSync(request.body, { maxOutputLength: largestBody }) : request.body
    return body.length === 0 ? {} : JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}

/** The Node driver reads a body only of this content type. */
const json = (status: number, body: unknown): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

export const success = (data: unknown, more: { code?: string; message?: string } = {}): WireAnswer =>
  json(200, { data, code: more.code ?? null, message: more.message ?? null, success: true })

/** A refusal has the status of a success: with another, drivers hide its code. */
export const failure = ({ code, message }: Omit<Refusal, 'known'>, data: unknown = null, status = 200): WireAnswer =>
  json(status, { data, code, message, success: false, headers: null })

/** `Authorization: Snowflake Token="…"` */
export const tokenOf = (request: WireRequest): string =>
  /^Snowflake Token="([^"]*)"$/.exec(headerValue(request, 'authorization') ?? '')?.[1] ?? ''

/** Of the query; undefined when it is not there. */
export const parameterOf = (request: WireRequest, name: string): string | undefined =>
  new URLSearchParams(request.target.split('?')[1]).get(name) ?? undefined
