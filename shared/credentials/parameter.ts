import type { SSMClient } from '@aws-sdk/client-ssm'
import { type ErrorCode, ServiceError } from '../errors/index.ts'
import { askAws } from './ask-aws.ts'
import type { Errand } from './fresh.ts'
import { type AwsSettings, clientConfig, type Surroundings } from './surroundings.ts'

/**
 * Reads and decrypts one SSM parameter. The name may be an ARN or end in `:version` or `:label`.
 *
 * Throws ServiceErrors. Permanent: SECRET_NOT_FOUND, SECRET_DENIED, SECRET_NOT_DECRYPTABLE, AWS_REQUEST_REFUSED,
 * OWN_CREDENTIALS_UNUSABLE. Transient: AWS_THROTTLED, AWS_UNREACHABLE.
 */
export const parameterReader = (settings: AwsSettings, surroundings: Surroundings) => {
  let client: SSMClient | undefined
  return async (name: string, errand: Errand): Promise<string> => {
    // Loaded with the first secret, not during a cold start.
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    client ??= new SSMClient(clientConfig(settings))
    const ssm = client
    const command = new GetParameterCommand({ Name: name, WithDecryption: true })
    const what = `ssm:GetParameter of ${name}`
    const send = (abortSignal: AbortSignal) => ssm.send(command, { abortSignal })
    const { Parameter } = await askAws({ what, client, send, codeOf }, errand, surroundings)
    if (Parameter?.Value !== undefined) return Parameter.Value
    throw new ServiceError('AWS_UNREACHABLE', { cause: new Error(`${what}: response without a value`) })
  }
}

/** SSM returns KMS errors with its own error type: only the message tells them apart. */
const codeOf = (errorType: string, words: string): ErrorCode | undefined => {
  const ofKms = errorType === 'AccessDeniedException' && kmsWords.test(words)
  return ofKms ? 'SECRET_NOT_DECRYPTABLE' : meanings.get(errorType)
}

/** Never matches a parameter name, which the message contains. */
const kmsWords = /^The ciphertext |perform: kms:|Service: (AWS)?KMS/i

const meanings: ReadonlyMap<string, ErrorCode> = new Map([
  ['ParameterNotFound', 'SECRET_NOT_FOUND'],
  ['ParameterVersionNotFound', 'SECRET_NOT_FOUND'],
  ['AccessDeniedException', 'SECRET_DENIED'],
  ['InvalidKeyId', 'SECRET_NOT_DECRYPTABLE'],
])
