import { type ErrorCode, ServiceError } from '../errors/index.ts'
import type { Credentials } from '../signing/index.ts'
import type { Errand } from './fresh.ts'
import { ownCredentials } from './own-credentials.ts'
import type { Surroundings } from './surroundings.ts'

/** What this module touches of an SDK client, which is one that tries once. */
interface Client {
  readonly config: {
    /** Milliseconds that AWS's clock is ahead; the SDK takes it from the Date header of each answer. */
    readonly systemClockOffset: number
    readonly credentials: () => Promise<Credentials>
  }
}

interface Question<Answer> {
  /** For the log: `sts:AssumeRole of arn:…`. */
  readonly what: string
  readonly client: Client
  readonly send: (signal: AbortSignal) => Promise<Answer>
  /** What a refusal of this service means, from the error type and the first line of its words. */
  readonly codeOf: (errorType: string, words: string) => ErrorCode | undefined
}

/** Milliseconds after which one attempt is given up, and the pauses before the next. */
const patience = 3_000
const pauses = [100, 400, 1_600]

/** Milliseconds. STS refuses signatures 15 minutes off, the JSON services 5; a Date header has whole seconds. */
const skew = 60_000

/**
 * Asks until there is an answer, a refusal that would be the same again, or no pause left. A signature that was refused
 * because the clock here is wrong is made once more with the clock of the answer.
 * @throws ServiceError its cause, for the log, has AWS's words and no secret
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
  /** 0 when nothing came that could be read. */
  readonly status: number
  readonly errorType: string
  readonly words: string
  readonly evidence: string
}

/**
 * What the SDK threw, as far as it may be repeated. Of AWS's words the first line: the others of a signature mismatch
 * repeat the session token. Of anything else the kind alone: an error about unreadable JSON quotes it.
 */
const refusalIn = (thrown: unknown): Refusal => {
  const { name, message, code, $fault, $metadata } = recordOf(thrown)
  const { httpStatusCode, requestId } = recordOf($metadata)
  const errorType = String(name)
  if (typeof httpStatusCode !== 'number' || $fault === undefined) {
    const kind = [httpStatusCode, errorType, code].filter(Boolean).join(' ')
    return { status: 0, errorType, words: '', evidence: `no answer that could be read (${kind})` }
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

/** What Snowflake retries. */
const isPassing = ({ status }: ServiceError): boolean => status === 429 || status >= 500

const without = ({ secretAccessKey, sessionToken }: Credentials, text: string): string =>
  [secretAccessKey, sessionToken].reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, '…') : rest), text)

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
