import { type ErrorCode, ServiceError } from '../errors/index.ts'
import type { Credentials } from '../signing/index.ts'
import type { Errand } from './fresh.ts'
import { ownCredentials } from './own-credentials.ts'
import type { Surroundings } from './surroundings.ts'

/** The used part of an SDK client, which must not retry by itself. */
interface Client {
  readonly config: {
    /** Milliseconds that AWS's clock is ahead; the SDK reads it from the Date header of each response. */
    readonly systemClockOffset: number
    readonly credentials: () => Promise<Credentials>
  }
}

interface Question<Answer> {
  /** For the log: `sts:AssumeRole of arn:…`. */
  readonly what: string
  readonly client: Client
  readonly send: (signal: AbortSignal) => Promise<Answer>
  /** The error code for an error type and the first line of its message. */
  readonly codeOf: (errorType: string, words: string) => ErrorCode | undefined
}

/** Milliseconds: timeout of one attempt, and the delays before retries. */
const patience = 3_000
const pauses = [100, 400, 1_600]

/** Milliseconds. STS accepts a clock skew of 15 minutes, the JSON services 5; a Date header has whole seconds. */
const skew = 60_000

/**
 * Sends until there is a response, a permanent error, or no retry left. If AWS rejects the signature because the local
 * clock is wrong, it signs once more with the time of the response.
 * @throws ServiceError whose cause, for the log, has AWS's message without secrets
 */
export const askAws = async <Answer>(
  { what, client, send, codeOf }: Question<Answer>,
  { signal, note }: Errand,
  { pause, random }: Pick<Surroundings, 'pause' | 'random'>,
): Promise<Answer> => {
  const own = await ownCredentials(() => client.config.credentials())
  let corrected = false
  for (let attempt = 0; ; ) {
    const offset = client.config.systemClockOffset
    try {
      return await send(AbortSignal.any([signal, AbortSignal.timeout(patience)]))
    } catch (thrown) {
      const refusal = refusalIn(thrown)
      const code = meaningOf(refusal, codeOf)
      const skewed = Math.abs(client.config.systemClockOffset - offset) > skew
      if (code === 'OWN_CREDENTIALS_UNUSABLE' && skewed && !corrected) {
        corrected = true
        continue
      }
      const fault = new ServiceError(code, { cause: new Error(`${what}: ${without(own, refusal.evidence)}`) })
      const wait = isPassing(fault) && !signal.aborted ? pauses[attempt++] : undefined
      if (wait === undefined) throw fault
      note(fault)
      await pause(wait * (0.5 + random() / 2), signal)
    }
  }
}

interface Refusal {
  /** 0 without a readable response. */
  readonly status: number
  readonly errorType: string
  readonly words: string
  readonly evidence: string
}

/**
 * The SDK's error without secrets. Only the first line of AWS's message: the other lines of a signature mismatch contain
 * the session token. Only the type of any other error: a JSON parse error quotes the response.
 */
const refusalIn = (thrown: unknown): Refusal => {
  const { name, message, code, $fault, $metadata } = recordOf(thrown)
  const { httpStatusCode, requestId } = recordOf($metadata)
  const errorType = String(name)
  if (typeof httpStatusCode !== 'number' || $fault === undefined) {
    const kind = [httpStatusCode, errorType, code].filter(Boolean).join(' ')
    return { status: 0, errorType, words: '', evidence: `no readable response (${kind})` }
  }
  const words = String(message).split('\n', 1)[0] ?? ''
  const evidence = `${httpStatusCode} ${errorType}: ${words} (request ${requestId})`
  return { status: httpStatusCode, errorType, words, evidence }
}

const meaningOf = ({ status, errorType, words }: Refusal, codeOf: Question<unknown>['codeOf']): ErrorCode => {
  if (status === 429 || throttling.test(errorType)) return 'AWS_THROTTLED'
  if (status < 400 || status >= 500) return 'AWS_UNREACHABLE'
  if (ownCredentialsRefused.has(errorType.replace(/Exception$/, ''))) return 'OWN_CREDENTIALS_UNUSABLE'
  return codeOf(errorType, words) ?? 'AWS_REQUEST_REFUSED'
}

/** STS and SSM both answer 400. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const throttling = /^(Throttl|RequestLimitExceeded|TooManyRequests)/

const ownCredentialsRefused: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignature',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClient',
])

/** Errors that Snowflake retries. */
const isPassing = ({ status }: ServiceError): boolean => status === 429 || status >= 500

const without = ({ secretAccessKey, sessionToken }: Credentials, text: string): string =>
  [secretAccessKey, sessionToken].reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, '…') : rest), text)

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
