import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { ServiceError } from '../../shared/errors/index.ts'
import { lambdaAnswerLimit } from '../../shared/http/index.ts'
import type { SignedRequest } from '../../shared/signing/index.ts'
import type { CallableTarget, TargetMethod } from '../../shared/targets/index.ts'
import type { Addresses } from './addresses.ts'
import type { RawAnswer } from './answer.ts'

export interface Outgoing extends SignedRequest {
  readonly method: TargetMethod
  readonly body?: Uint8Array
}

/** Milliseconds. A connection that was idle for longer may be dead: Lambda freezes the process between invocations. */
const restsAtMost = 4_000

/**
 * Sends a signed request to one of the target's addresses and returns the response, including redirects. Throws
 * TARGET_UNREACHABLE if a retry is safe, TARGET_OUTCOME_UNKNOWN if it is not, TARGET_UNUSABLE if a retry cannot help.
 */
export const createSender = (now: () => number) => {
  const agentFor = createAgents(now)

  return (target: CallableTarget, addresses: Addresses, outgoing: Outgoing, signal: AbortSignal): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const { method, target: path, headers, body } = outgoing
      const { protocol, hostname, port } = target.url
      const send = protocol === 'https:' ? httpsRequest : httpRequest
      const request = send({
        method,
        path,
        signal,
        protocol,
        port,
        hostname: hostname.replace(/^\[|\]$/g, ''),
        headers: { ...headers, ...(body && { 'content-length': body.byteLength }) },
        agent: agentFor(target),
        lookup: only(addresses),
      })
      const isSent = sentWatch(request, protocol)
      const fail = (error: unknown) =>
        reject(error instanceof ServiceError ? error : failure(error, { method, sent: isSent(), late: signal.aborted }))
      request.on('error', fail)
      request.on('response', (response) => receive(response).then(resolve, fail))
      request.end(body)
    })
}

/** Targets never share connections: another target may not allow private addresses. */
const createAgents = (now: () => number) => {
  const kept = new Map<string, { readonly agent: HttpAgent; usedAt: number }>()
  return ({ name, url }: CallableTarget): HttpAgent => {
    const known = kept.get(name)
    if (known && now() - known.usedAt < restsAtMost) {
      known.usedAt = now()
      return known.agent
    }
    const options = { keepAlive: true, timeout: restsAtMost }
    const agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
    kept.set(name, { agent, usedAt: now() })
    return agent
  }
}

const only =
  (addresses: Addresses): LookupFunction =>
  (_hostname, { all }, callback) => {
    const [first] = addresses
    if (all) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }

/** Whether bytes of the request may have been sent, so the target may have processed it. */
const sentWatch = (request: ClientRequest, protocol: string) => {
  let connected = false
  request.once('socket', (socket) => {
    // Already connected: the listener would never fire and never be removed.
    if (request.reusedSocket) return
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true
    })
  })
  return () => connected || request.reusedSocket
}

const receive = async (response: IncomingMessage): Promise<RawAnswer> => {
  const announced = Number(response.headers['content-length'])
  if (announced > lambdaAnswerLimit && response.statusCode !== 304) throw tooLarge(response, `${announced}`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    size += chunk.length
    if (size > lambdaAnswerLimit) throw tooLarge(response, `at least ${size}`)
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }
}

const tooLarge = (response: IncomingMessage, size: string): ServiceError => {
  response.destroy()
  const detail = `The target sent ${size} bytes; the limit is ${lambdaAnswerLimit}.`
  return new ServiceError('ANSWER_TOO_LARGE', { detail })
}

/** TLS errors for an untrusted target, and HTTP parse errors. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const lasting = /^(HPE_|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_|EPROTO$)/

const failure = (
  error: unknown,
  { method, sent, late }: { readonly method: TargetMethod; readonly sent: boolean; readonly late: boolean },
): ServiceError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const cause = new Error(`${late ? 'timeout' : 'no response'}: ${code}`, { cause: error })
  if (lasting.test(code)) return new ServiceError('TARGET_UNUSABLE', { cause })
  // RFC 9110, section 9.2.2: all other methods are idempotent.
  const repeatable = !sent || !/^(POST|PATCH)$/.test(method)
  return new ServiceError(repeatable ? 'TARGET_UNREACHABLE' : 'TARGET_OUTCOME_UNKNOWN', { cause })
}
