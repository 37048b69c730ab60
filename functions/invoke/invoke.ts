import { ServiceError } from '../../shared/errors/index.ts'
import type { Story } from '../../shared/http/index.ts'
import type { Credentials, SignedRequest, UnsignedRequest } from '../../shared/signing/index.ts'
import { admits, type CallableTarget, pathText } from '../../shared/targets/index.ts'
import type { Addresses } from './addresses.ts'
import { type RawAnswer, targetAnswer } from './answer.ts'
import { type CallerName, callerName } from './caller-name.ts'
import { type Invocation, parseInvocation } from './parse-invocation.ts'
import type { Outgoing } from './send.ts'

export interface Needs {
  readonly targets: ReadonlyMap<string, CallableTarget>
  readonly addressesOf: (target: CallableTarget) => Promise<Addresses>
  readonly credentialsFor: (target: CallableTarget, caller: CallerName, signal: AbortSignal) => Promise<Credentials>
  readonly sign: (target: CallableTarget, credentials: Credentials, request: UnsignedRequest) => Promise<SignedRequest>
  readonly send: (
    target: CallableTarget,
    addresses: Addresses,
    outgoing: Outgoing,
    signal: AbortSignal,
  ) => Promise<RawAnswer>
}

/** Milliseconds reserved for writing the response. */
const reserve = 500

/** Sends a signed request to a target, if the access map allows it: `{"target", "path"?, …}` → `{"status", "headers", "body"}`. */
export const invoke = ({ targets, addressesOf, credentialsFor, sign, send }: Needs): Story => {
  return async (input, { callerArn, remainingMilliseconds, rowId }) => {
    const invocation = parseInvocation(input)
    const target = allowedTarget(targets, invocation)
    const signal = AbortSignal.timeout(Math.max(0, remainingMilliseconds() - reserve))
    const request = requestTo(target, invocation, rowId)
    const attempt = async () => {
      const addresses = await inTime(addressesOf(target), signal)
      const credentials = await credentialsFor(target, callerName(callerArn), signal)
      const signed = await sign(target, credentials, request)
      const outgoing = { ...signed, method: invocation.method, ...(request.body && { body: request.body }) }
      const answer = await send(target, addresses, outgoing, signal)
      return targetAnswer(answer, secretsIn(credentials, signed))
    }
    return attempt().catch((fault: unknown) => {
      // Retry once if that is safe: usually an idle connection was closed.
      if (!(fault instanceof ServiceError) || fault.code !== 'TARGET_UNREACHABLE' || signal.aborted) throw fault
      return attempt()
    })
  }
}

const allowedTarget = (targets: Needs['targets'], { target: name, method, path }: Invocation): CallableTarget => {
  const target = targets.get(name)
  if (!target)
    throw new ServiceError('TARGET_UNKNOWN', { detail: `Existing targets: ${[...targets.keys()].join(', ')}.` })
  if (target.rules.some((rule) => admits(rule, method, path))) return target
  const allowed = target.rules.map(({ text }) => text).join(', ')
  throw new ServiceError('TARGET_REQUEST_REFUSED', { detail: `It allows ${allowed}.` })
}

/** A retried batch has the same row ids, so a target that supports the header processes each row once. */
const requestTo = (
  { url }: CallableTarget,
  { method, path, query, headers, body }: Invocation,
  rowId: string | undefined,
): UnsignedRequest => ({
  method,
  host: url.host,
  path: `${url.pathname.replace(/\/$/, '')}${pathText(path)}`,
  query,
  headers: {
    'accept-encoding': 'identity',
    ...(rowId !== undefined && !/^(GET|HEAD)$/.test(method) && { 'idempotency-key': rowId }),
    ...headers,
  },
  ...(body && { body }),
})

const inTime = async <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  const late = Promise.withResolvers<never>()
  const leave = () => late.reject(new ServiceError('TARGET_UNREACHABLE', { cause: new Error('DNS lookup timed out') }))
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  return Promise.race([work, late.promise]).finally(() => signal.removeEventListener('abort', leave))
}

const secretsIn = ({ secretAccessKey, sessionToken }: Credentials, { headers }: SignedRequest): readonly string[] => [
  secretAccessKey,
  ...(sessionToken === undefined ? [] : [sessionToken]),
  headers['authorization']?.replace(/^.*Signature=/, '') ?? '',
]
