import { request as httpRequest, type IncomingMessage } from 'node:http'

export interface OutgoingRequest {
  readonly method: 'POST' | 'GET'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
  readonly signal: AbortSignal
}

/** An answer as it stood on the wire: nothing inflated. */
export interface RawResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

/** Rejects when there is no answer at all. */
export type Transport = (request: OutgoingRequest) => Promise<RawResponse>

/** Plain HTTP, with the given headers and no others: the local stack has nothing else, and nothing else is called. */
export const httpTransport: Transport = ({ method, url, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers, signal }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: joinHeaderValues(incoming), body: Buffer.concat(chunks) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

const joinHeaderValues = ({ headers }: IncomingMessage): RawResponse['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))
