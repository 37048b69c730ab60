import type { IncomingMessage } from 'node:http'
import { CommandFailure } from '../command-failure.ts'
import { httpRequest, httpsRequest } from '../http.ts'
import type { SignedRequest } from './sign-request.ts'

export interface Answer {
  readonly status: number
  readonly reason: string
  /** Names as they came, one entry for each line. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

const responseTimeoutMs = 60_000

/** Sends exactly what was signed: an HTTP client that tidied path or query would break the signature. */
export const sendRequest = ({ method, url, target, headers, body }: SignedRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest
    const failed = (error: Error) =>
      reject(new CommandFailure(`Cannot connect to ${url.host}: ${error.message}`, remedyFor(error, url)))
    const outgoing = request(url, { method, path: target, headers, timeout: responseTimeoutMs }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('error', failed)
      incoming.on('end', () => resolve(answerOf(incoming, Buffer.concat(chunks))))
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no response within ${responseTimeoutMs / 1_000} s`)))
    outgoing.on('error', failed)
    outgoing.end(body)
  })

const answerOf = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage, body: Buffer): Answer => ({
  status: statusCode ?? 0,
  reason: statusMessage ?? '',
  headers: Array.from({ length: rawHeaders.length / 2 }, (_, line) => [
    rawHeaders[2 * line] ?? '',
    rawHeaders[2 * line + 1] ?? '',
  ]),
  body,
})

export const headerOf = ({ headers }: Answer, name: string): string | undefined =>
  headers.find(([one]) => one.toLowerCase() === name)?.[1]

const remedyFor = (error: Error, { hostname }: URL) => {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNREFUSED' && isLoopback(hostname)) return { remedy: 'Start it with: npx snowgate start' }
  if (code === 'ENOTFOUND') return { remedy: 'Check the host name against the output of the deployment.' }
  return {}
}

export const isLoopback = (hostname: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
