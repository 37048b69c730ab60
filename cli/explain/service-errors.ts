import type { CauseId, KnownMessage, SystemMessages } from '../../shared/diagnoses/index.ts'
import { type ErrorCode, errorTable } from '../../shared/errors/error-table.ts'

/** The causes of codes whose message does not name them. */
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

/** Their message ends with that of AWS or Snowflake, which is more specific. */
const wrappingCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'SNOWFLAKE_IDENTITY_UNUSABLE',
  'SNOWFLAKE_LOGIN_REFUSED',
  'SNOWFLAKE_QUERY_REFUSED',
])

const rows = Object.entries(errorTable).map(([code, { message, remedy }]) => {
  const text: KnownMessage = {
    phrases: [message, `"code":"${code}"`],
    // A single word is not specific to snowgate.
    ...(code.includes('_') && { codes: [code] }),
    ...(wrappingCodes.has(code) && { general: true }),
    summary: message,
    causes: causesOf[code as ErrorCode] ?? [], // the keys of the table, which Object.entries widens
    source: 'docs/errors.md',
  }
  return { text, remedy }
})

/** The errors of the service itself, in the words of their table. */
export const serviceErrors: SystemMessages = { system: 'snowgate service', messages: rows.map(({ text }) => text) }

/** The fix of the error table; undefined for an error of another system. */
export const remedyOf = (errorText: KnownMessage): string | undefined =>
  rows.find(({ text }) => text === errorText)?.remedy
