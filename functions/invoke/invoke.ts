import { type CallableTarget, encodePath, ruleAllows } from '../../shared/access/targets/index.ts'
import type { AwsCredentials } from '../../shared/aws/aws-api-client.ts'
import type { SignedRequest, UnsignedRequest } from '../../shared/aws/sign-request.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'
import type { Handler } from '../../shared/http/index.ts'
import { type Invocation, parseInvocation } from './parse-invocation.ts'
import type { ResolvedAddresses } from './resolve-target.ts'
import type { SignedTargetRequest } from './send-to-target.ts'
import { type SessionIdentity, toSessionIdentity } from './session-identity.ts'
import { type RawTargetResponse, toTargetResponse } from './target-response.ts'

export interface InvokeDependencies {
  readonly targets: ReadonlyMap<string, CallableTarget>
  readonly resolveTarget: (target: CallableTarget) => Promise<ResolvedAddresses>
  readonly credentialsFor: (
    target: CallableTarget,
    caller: SessionIdentity,
    signal: AbortSignal,
  ) => Promise<AwsCredentials>
  readonly sign: (
    target: CallableTarget,
    credentials: AwsCredentials,
    request: UnsignedRequest,
  ) => Promise<SignedRequest>
  readonly send: (
    target: CallableTarget,
    addresses: ResolvedAddresses,
    outgoing: SignedTargetRequest,
    signal: AbortSignal,
  ) => Promise<RawTargetResponse>
}

/** Milliseconds reserved for writing the response. */
const responseReserveMs = 500

/** Sends a signed request to a target, if the access map allows it: `{"target", "path"?, …}` → `{"status", "headers", "body"}`. */
export const invoke = ({ targets, resolveTarget, credentialsFor, sign, send }: InvokeDependencies): Handler => {
  return async (input, { callerArn, remainingMilliseconds, rowId }) => {
    const invocation = parseInvocation(input)
    const target = requireAllowedTarget(targets, invocation)
    const signal = AbortSignal.timeout(Math.max(0, remainingMilliseconds() - responseReserveMs))
    const request = buildRequest(target, invocation, rowId)
    const attempt = async () => {
      const addresses = await raceWithAbort(resolveTarget(target), signal)
      const credentials = await credentialsFor(target, toSessionIdentity(callerArn), signal)
      const signed = await sign(target, credentials, request)
      const outgoing = { ...signed, method: invocation.method, ...(request.body && { body: request.body }) }
      const response = await send(target, addresses, outgoing, signal)
      return toTargetResponse(response, collectSecrets(credentials, signed))
    }
    return attempt().catch((error: unknown) => {
      // Retry once if that is safe: usually an idle connection was closed.
      if (!(error instanceof ServiceError) || error.code !== 'TARGET_UNREACHABLE' || signal.aborted) throw error
      return attempt()
    })
  }
}

const requireAllowedTarget = (
  targets: InvokeDependencies['targets'],
  { target: name, method, path }: Invocation,
): CallableTarget => {
  const target = targets.get(name)
  if (!target)
    throw new ServiceError('TARGET_UNKNOWN', { detail: `Existing targets: ${[...targets.keys()].join(', ')}.` })
  if (target.rules.some((rule) => ruleAllows(rule, method, path))) return target
  const allowed = target.rules.map(({ text }) => text).join(', ')
  throw new ServiceError('TARGET_REQUEST_REFUSED', { detail: `It allows ${allowed}.` })
}

/** A retried batch has the same row ids, so a target that supports the header processes each row once. */
const buildRequest = (
  { url }: CallableTarget,
  { method, path, query, headers, body }: Invocation,
  rowId: string | undefined,
): UnsignedRequest => ({
  method,
  host: url.host,
  path: `${url.pathname.replace(/\/$/, '')}${encodePath(path)}`,
  query,
  headers: {
    'accept-encoding': 'identity',
    ...(rowId !== undefined && !/^(GET|HEAD)$/.test(method) && { 'idempotency-key': rowId }),
    ...headers,
  },
  ...(body && { body }),
})

const raceWithAbort = async <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () =>
    aborted.reject(new ServiceError('TARGET_UNREACHABLE', { cause: new Error('DNS lookup timed out') }))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', onAbort))
}

const collectSecrets = (
  { secretAccessKey, sessionToken }: AwsCredentials,
  { headers }: SignedRequest,
): readonly string[] => [
  secretAccessKey,
  ...(sessionToken === undefined ? [] : [sessionToken]),
  headers['authorization']?.replace(/^.*Signature=/, '') ?? '',
]
