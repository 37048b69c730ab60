import type { WireAnswer } from './http/index.ts'

/** What `/_snowgate/` answers with. */
export const json = (status: number, value: unknown): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

export const failure = (status: number, code: string, message: string): WireAnswer =>
  json(status, { error: { code, message } })

/** Undefined for what is no JSON. */
export const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}
