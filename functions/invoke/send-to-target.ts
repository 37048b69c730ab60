import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { CallableTarget, TargetMethod } from '../../shared/access/targets/index.ts'
import type { SignedRequest } from '../../shared/aws/sign-request.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'
import { lambdaResponseLimit } from '../../shared/http/index.ts'
import type { ResolvedAddresses } from './resolve-target.ts'
import type { RawTargetResponse } from './target-response.ts'

export interface SignedTargetRequest extends SignedRequest {
  readonly method: TargetMethod
  readonly body?: Uint8Array
}

/** Milliseconds. A connection that was idle for longer may be dead: Lambda freezes the process between invocations. */
const maxIdleMs = 4_000

/**
 * Sends a signed request to one of the target's addresses and returns the response, including redirects. Throws
 * TARGET_UNREACHABLE if a retry is safe, TARGET_OUTCOME_UNKNOWN if it is not, TARGET_UNUSABLE if a retry cannot help.
 */
export const createSender = (now: () => number) => {
  const agentFor = createAgents(now)

  return (
    target: CallableTarget,
    addresses: ResolvedAddresses,
    outgoing: SignedTargetRequest,
    signal: AbortSignal,
  ): Promise<RawTargetResponse> =>
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
        lookup: fixedLookup(addresses),
      })
      const isSent = trackSent(request, protocol)
      const fail = (error: unknown) =>
        reject(
          error instanceof ServiceError
            ? error
            : toTargetError(error, { method, sent: isSent(), timedOut: signal.aborted }),
        )
      request.on('error', fail)
      request.on('response', (response) => readResponse(response).then(resolve, fail))
      request.end(body)
    })
}

/** Targets never share connections: another target may not allow private addresses. */
const createAgents = (now: () => number) => {
  const agents = new Map<string, { readonly agent: HttpAgent; usedAt: number }>()
  return ({ name, url }: CallableTarget): HttpAgent => {
    const cached = agents.get(name)
    if (cached && now() - cached.usedAt < maxIdleMs) {
      cached.usedAt = now()
      return cached.agent
    }
    const options = { keepAlive: true, timeout: maxIdleMs }
    const agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
    agents.set(name, { agent, usedAt: now() })
    return agent
  }
}

const fixedLookup =
  (addresses: ResolvedAddresses): LookupFunction =>
  (_hostname, { all }, callback) => {
    const [first] = addresses
    if (all) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }

/** Whether bytes of the request may have been sent, so the target may have processed it. */
const trackSent = (request: ClientRequest, protocol: string) => {
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

const readResponse = async (response: IncomingMessage): Promise<RawTargetResponse> => {
  const declaredSize = Number(response.headers['content-length'])
  if (declaredSize > lambdaResponseLimit && response.statusCode !== 304)
    throw responseTooLarge(response, `${declaredSize}`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    size += chunk.length
    if (size > lambdaResponseLimit) throw responseTooLarge(response, `at least ${size}`)
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }
}

const responseTooLarge = (response: IncomingMessage, size: string): ServiceError => {
  response.destroy()
  const detail = `The target sent ${size} bytes; the limit is ${lambdaResponseLimit}.`
  return new ServiceError('ANSWER_TOO_LARGE', { detail })
}

/** TLS errors for an untrusted target, and HTTP parse errors. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const permanentErrorCode =
  /^(HPE_|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_|EPROTO$)/

const toTargetError = (
  error: unknown,
  { method, sent, timedOut }: { readonly method: TargetMethod; readonly sent: boolean; readonly timedOut: boolean },
): ServiceError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const cause = new Error(`${timedOut ? 'timeout' : 'no response'}: ${code}`, { cause: error })
  if (permanentErrorCode.test(code)) return new ServiceError('TARGET_UNUSABLE', { cause })
  // RFC 9110, section 9.2.2: all other methods are idempotent.
  const isRepeatable = !sent || !/^(POST|PATCH)$/.test(method)
  return new ServiceError(isRepeatable ? 'TARGET_UNREACHABLE' : 'TARGET_OUTCOME_UNKNOWN', { cause })
}
