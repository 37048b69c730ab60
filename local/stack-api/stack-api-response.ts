import type { WireResponse } from '../http.ts'

/** What `/_snowgate/` answers with. */
export const jsonResponse = (status: number, value: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

export const errorResponse = (status: number, code: string, message: string): WireResponse =>
  jsonResponse(status, { error: { code, message } })

/** Undefined for what is no JSON. */
export const parseJsonBody = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}
