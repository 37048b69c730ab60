import { gunzipSync } from 'node:zlib'
import { headerValue, type WireRequest, type WireResponse } from '../../http.ts'
import type { DriverRejection } from './driver-rejections.ts'

/** The driver protocol's paths; the SQL API is not among them. A group is the id of a query. */
export const paths = {
  login: /^\/session\/v1\/login-request$/,
  renewal: /^\/session\/token-request$/,
  heartbeat: /^\/session\/heartbeat$/,
  session: /^\/session$/,
  query: /^\/queries\/v1\/query-request$/,
  abort: /^\/queries\/v1\/abort-request$/,
  result: /^\/queries\/([\da-f-]{36})\/result$/,
  abortOfQuery: /^\/queries\/([\da-f-]{36})\/abort-request$/,
  monitoring: /^\/monitoring\/queries\/([\da-f-]{36})$/,
  telemetry: /^\/telemetry\/send$/,
} as const

/** Whether a path, without its query, is one that drivers of Snowflake call. */
export const isSnowflakePath = (path: string): boolean => Object.values(paths).some((form) => form.test(path))

const maxBodyBytes = 64 * 1024 * 1024

/** The JSON of a request, inflated; undefined for what is none. An empty body is an empty object: drivers send both. */
export const readJson = (request: WireRequest): unknown => {
  try {
    const isGzip = headerValue(request, 'content-encoding')?.toLowerCase() === 'gzip'
    const body = isGzip ? gunzipSync(request.body, { maxOutputLength: maxBodyBytes }) : request.body
    return body.length === 0 ? {} : JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}

/** The Node driver reads a body only of this content type. */
const json = (status: number, body: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

export const success = (data: unknown, more: { code?: string; message?: string } = {}): WireResponse =>
  json(200, { data, code: more.code ?? null, message: more.message ?? null, success: true })

/** A refusal has the status of a success: with another, drivers hide its code. */
export const failure = (
  { code, message }: Omit<DriverRejection, 'provenance'>,
  data: unknown = null,
  status = 200,
): WireResponse => json(status, { data, code, message, success: false, headers: null })

/** `Authorization: Snowflake Token="…"` */
export const tokenOf = (request: WireRequest): string =>
  /^Snowflake Token="([^"]*)"$/.exec(headerValue(request, 'authorization') ?? '')?.[1] ?? ''

/** Of the query; undefined when it is not there. */
export const parameterOf = (request: WireRequest, name: string): string | undefined =>
  new URLSearchParams(request.target.split('?')[1]).get(name) ?? undefined
