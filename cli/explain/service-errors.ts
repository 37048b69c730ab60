import type { CauseId, ErrorText, SystemTexts } from '../../shared/diagnoses/index.ts'
import { type ErrorCode, errorTable } from '../../shared/errors/index.ts'

/** Where a code of the service says less than is known about what can be behind it. */
const causesOf: Readonly<Partial<Record<ErrorCode, readonly CauseId[]>>> = {
  BATCH_FAILED: ['function-memory-too-small', 'function-crashes'],
  BATCHES_REFUSED: ['map-not-deployed'],
  BATCHES_UNREACHABLE: ['aws-throttled', 'aws-unreachable'],
  AWS_UNREACHABLE: ['aws-unreachable'],
  AWS_THROTTLED: ['aws-throttled'],
  AWS_REQUEST_REFUSED: [
    'role-arn-malformed',
    'session-duration-too-long',
    'parameter-name-wrong',
    'sts-region-disabled',
  ],
  OWN_CREDENTIALS_UNUSABLE: ['credentials-missing', 'credentials-quoted', 'session-expired', 'credentials-unknown'],
  ROLE_DENIED: ['target-role-denied', 'source-identity-denied', 'external-id-wrong'],
  SECRET_NOT_FOUND: ['parameter-missing'],
  SECRET_DENIED: ['parameter-denied'],
  SECRET_NOT_DECRYPTABLE: ['parameter-key-denied', 'parameter-key-disabled'],
  PRIVATE_KEY_UNUSABLE: ['private-key-newlines-lost', 'private-key-damaged'],
  PASSPHRASE_MISSING: ['passphrase-missing'],
  PASSPHRASE_WRONG: ['passphrase-wrong'],
  TARGET_UNKNOWN: ['target-not-in-map'],
  TARGET_REQUEST_REFUSED: ['target-path-not-allowed'],
  TARGET_ADDRESS_REFUSED: ['target-address-private'],
  TARGET_UNREACHABLE: ['target-unreachable'],
  TARGET_UNUSABLE: ['target-unreachable'],
  ANSWER_TOO_LARGE: ['answer-too-large'],
  SNOWFLAKE_UNREACHABLE: ['snowflake-unreachable', 'snowflake-down', 'function-timeout-too-short'],
  SNOWFLAKE_BUSY: ['user-too-busy'],
  SNOWFLAKE_UNUSABLE: ['account-identifier-wrong', 'snowflake-name-unknown', 'proxy-answers', 'snowflake-tls'],
  SNOWFLAKE_IDENTITY_UNUSABLE: [
    'credentials-missing',
    'region-variable-missing',
    'web-identity-denied',
    'web-identity-disabled',
    'impersonation-denied',
  ],
  DEADLINE_EXCEEDED: ['function-timeout-too-short', 'integration-timeout'],
}

/** Their message ends in the words of AWS or Snowflake, which say more. */
const wrapping: ReadonlySet<string> = new Set<ErrorCode>([
  'SNOWFLAKE_IDENTITY_UNUSABLE',
  'SNOWFLAKE_LOGIN_REFUSED',
  'SNOWFLAKE_QUERY_REFUSED',
])

const rows = Object.entries(errorTable).map(([code, { message, remedy }]) => {
  const text: ErrorText = {
    says: [message, `"code":"${code}"`],
    // One word alone is everybody's.
    ...(code.includes('_') && { codes: [code] }),
    ...(wrapping.has(code) && { general: true }),
    means: message,
    causes: causesOf[code as ErrorCode] ?? [], // the keys of the table, which Object.entries widens
    source: 'docs/errors.md',
  }
  return { text, remedy }
})

/** The errors of the service itself, in the words of their table. */
export const serviceErrors: SystemTexts = { system: 'snowgate service', texts: rows.map(({ text }) => text) }

/** What the table says to do about one of them; undefined for a text of anybody else's. */
export const remedyOf = (wanted: ErrorText): string | undefined => rows.find(({ text }) => text === wanted)?.remedy
