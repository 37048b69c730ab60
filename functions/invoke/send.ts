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

/** Milliseconds. A connection that rested for longer may be dead: Lambda stops the clock between invocations. */
const restsAtMost = 4_000

/**
 * Sends a signed request to a target, at one of its addresses, and gives the answer as it is: redirects are answers too.
 * Refuses with TARGET_UNREACHABLE when it may be sent again, TARGET_OUTCOME_UNKNOWN when it may not, TARGET_UNUSABLE when
 * that would change nothing.
 */
export const createSender = (now: () => number) => {
  const agentFor = createAgents(now)

  return (target: CallableTarget, addresses: Addresses, outgoing: Outgoing, signal: AbortSignal): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const { method, target: path, headers, body } = outgoing
      const { protocol, hostname, port } = target.url
      const send = protocol === 'https:' ? httpsRequest : httpRequest
      const request = send({
        ...{ method, path, signal, protocol, port },
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

/** Connections of one target are never another's: the other may not call such addresses. */
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

/** Whether bytes of the request may have left, so that the target may have begun to carry it out. */
const sentWatch = (request: ClientRequest, protocol: string) => {
  let connected = false
  request.once('socket', (socket) => {
    // It connected long ago, and a listener for that would stay on it for good.
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
  const detail = `The target sent ${size} bytes; ${lambdaAnswerLimit} are allowed.`
  return new ServiceError('ANSWER_TOO_LARGE', { detail })
}

/** TLS says that it does not trust the target, or HTTP that it does not understand it. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const lasting = /^(HPE_|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_|EPROTO$)/

const failure = (
  error: unknown,
  { method, sent, late }: { readonly method: TargetMethod; readonly sent: boolean; readonly late: boolean },
): ServiceError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const cause = new Error(`${late ? 'no answer in time' : 'no answer'}: ${code}`, { cause: error })
  if (lasting.test(code)) return new ServiceError('TARGET_UNUSABLE', { cause })
  // RFC 9110, section 9.2.2: of these methods, twice is as good as once.
  const repeatable = !sent || !/^(POST|PATCH)$/.test(method)
  return new ServiceError(repeatable ? 'TARGET_UNREACHABLE' : 'TARGET_OUTCOME_UNKNOWN', { cause })
}
