import type { ErrorCode } from '../errors/error-table.ts'
import { ServiceError } from '../errors/service-error.ts'
import type { AwsCredentials } from './aws-api-client.ts'
import { loadCheckedCredentials } from './credential-mistakes.ts'
import type { FetchContext } from './expiring-cache.ts'
import type { RetryDependencies } from './sdk-client-options.ts'

/** The used part of an SDK client, which must not retry by itself. */
interface SdkClient {
  readonly config: {
    /** Milliseconds that AWS's clock is ahead; the SDK reads it from the Date header of each response. */
    readonly systemClockOffset: number
    readonly credentials: () => Promise<AwsCredentials>
  }
}

interface SdkCall<Answer> {
  /** For the log: `sts:AssumeRole of arn:…`. */
  readonly operation: string
  readonly client: SdkClient
  readonly send: (signal: AbortSignal) => Promise<Answer>
  /** The error code for an error type and the first line of its message. */
  readonly errorCodeFor: (errorType: string, message: string) => ErrorCode | undefined
}

/** Milliseconds: timeout of one attempt, and the delays before retries. */
const attemptTimeoutMs = 3_000
const retryDelaysMs = [100, 400, 1_600]

/** Milliseconds. STS accepts a clock skew of 15 minutes, the JSON services 5; a Date header has whole seconds. */
const maxClockSkewMs = 60_000

/**
 * Sends until there is a response, a permanent error, or no retry left. If AWS rejects the signature because the local
 * clock is wrong, it signs once more with the time of the response.
 * @throws ServiceError whose cause, for the log, has AWS's message without secrets
 */
export const sendWithRetries = async <Answer>(
  { operation, client, send, errorCodeFor }: SdkCall<Answer>,
  { signal, onRetry }: FetchContext,
  { sleep, random }: Pick<RetryDependencies, 'sleep' | 'random'>,
): Promise<Answer> => {
  const serviceCredentials = await loadCheckedCredentials(() => client.config.credentials())
  let clockCorrected = false
  for (let attempt = 0; ; ) {
    const offset = client.config.systemClockOffset
    try {
      return await send(AbortSignal.any([signal, AbortSignal.timeout(attemptTimeoutMs)]))
    } catch (thrown) {
      const rejection = describeRejection(thrown)
      const code = toErrorCode(rejection, errorCodeFor)
      const clockSkewed = Math.abs(client.config.systemClockOffset - offset) > maxClockSkewMs
      if (code === 'OWN_CREDENTIALS_UNUSABLE' && clockSkewed && !clockCorrected) {
        clockCorrected = true
        continue
      }
      const error = new ServiceError(code, {
        cause: new Error(`${operation}: ${maskSecrets(serviceCredentials, rejection.logText)}`),
      })
      const delayMs = isRetryable(error) && !signal.aborted ? retryDelaysMs[attempt++] : undefined
      if (delayMs === undefined) throw error
      onRetry(error)
      await sleep(delayMs * (0.5 + random() / 2), signal)
    }
  }
}

interface SdkRejection {
  /** 0 without a readable response. */
  readonly status: number
  readonly errorType: string
  readonly message: string
  readonly logText: string
}

/**
 * The SDK's error without secrets. Only the first line of AWS's message: the other lines of a signature mismatch contain
 * the session token. Only the type of any other error: a JSON parse error quotes the response.
 */
const describeRejection = (thrown: unknown): SdkRejection => {
  const { name, message: text, code, $fault, $metadata } = recordOf(thrown)
  const { httpStatusCode, requestId } = recordOf($metadata)
  const errorType = String(name)
  if (typeof httpStatusCode !== 'number' || $fault === undefined) {
    const kind = [httpStatusCode, errorType, code].filter(Boolean).join(' ')
    return { status: 0, errorType, message: '', logText: `no readable response (${kind})` }
  }
  const message = String(text).split('\n', 1)[0] ?? ''
  const logText = `${httpStatusCode} ${errorType}: ${message} (request ${requestId})`
  return { status: httpStatusCode, errorType, message, logText }
}

const toErrorCode = (
  { status, errorType, message }: SdkRejection,
  errorCodeFor: SdkCall<unknown>['errorCodeFor'],
): ErrorCode => {
  if (status === 429 || throttlingErrorType.test(errorType)) return 'AWS_THROTTLED'
  if (status < 400 || status >= 500) return 'AWS_UNREACHABLE'
  if (credentialErrorTypes.has(errorType.replace(/Exception$/, ''))) return 'OWN_CREDENTIALS_UNUSABLE'
  return errorCodeFor(errorType, message) ?? 'AWS_REQUEST_REFUSED'
}

/** STS and SSM both answer 400. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const throttlingErrorType = /^(Throttl|RequestLimitExceeded|TooManyRequests)/

const credentialErrorTypes: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignature',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClient',
])

/** Errors that Snowflake retries. */
const isRetryable = ({ status }: ServiceError): boolean => status === 429 || status >= 500

const maskSecrets = ({ secretAccessKey, sessionToken }: AwsCredentials, text: string): string =>
  [secretAccessKey, sessionToken].reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, '…') : rest), text)

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
