import { httpRequest } from '../http.ts'
import { parseJson } from '../parse-json.ts'

export interface Asked {
  readonly status: number
  /** Undefined when it is not JSON. */
  readonly body: unknown
}

/** Asks for JSON and waits for as long as it takes: a query may run for ten minutes. */
export const askJson = (url: string, sent?: unknown): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const body = sent === undefined ? undefined : JSON.stringify(sent)
    const outgoing = httpRequest(url, { method: body === undefined ? 'GET' : 'POST' }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: parseJson(Buffer.concat(chunks).toString()) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
