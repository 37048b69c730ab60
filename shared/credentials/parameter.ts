import type { SSMClient } from '@aws-sdk/client-ssm'
import { type ErrorCode, ServiceError } from '../errors/index.ts'
import { askAws } from './ask-aws.ts'
import type { Errand } from './fresh.ts'
import { type AwsSettings, clientConfig, type Surroundings } from './surroundings.ts'

/**
 * Reads one parameter of SSM, decrypted. Its name may be an ARN or end in `:version` or `:label`.
 *
 * Throws ServiceErrors: SECRET_NOT_FOUND, SECRET_DENIED, SECRET_NOT_DECRYPTABLE, AWS_REQUEST_REFUSED and
 * OWN_CREDENTIALS_UNUSABLE last; AWS_THROTTLED and AWS_UNREACHABLE pass.
 */
export const parameterReader = (settings: AwsSettings, surroundings: Surroundings) => {
  let client: SSMClient | undefined
  return async (name: string, errand: Errand): Promise<string> => {
    // Loaded with the first secret, and not with a cold start.
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    client ??= new SSMClient(clientConfig(settings))
    const ssm = client
    const command = new GetParameterCommand({ Name: name, WithDecryption: true })
    const what = `ssm:GetParameter of ${name}`
    const send = (abortSignal: AbortSignal) => ssm.send(command, { abortSignal })
    const { Parameter } = await askAws({ what, client, send, codeOf }, errand, surroundings)
    if (Parameter?.Value !== undefined) return Parameter.Value
    throw new ServiceError('AWS_UNREACHABLE', { cause: new Error(`${what}: an answer without a value`) })
  }
}

/** SSM hands on the refusal of KMS under the name of its own: only the words tell which of the two it was. */
const codeOf = (errorType: string, words: string): ErrorCode | undefined => {
  const ofKms = errorType === 'AccessDeniedException' && kmsWords.test(words)
  return ofKms ? 'SECRET_NOT_DECRYPTABLE' : meanings.get(errorType)
}

/** Nothing that the name of a parameter, which the words repeat, can hold. */
const kmsWords = /^The ciphertext |perform: kms:|Service: (AWS)?KMS/i

const meanings: ReadonlyMap<string, ErrorCode> = new Map([
  ['ParameterNotFound', 'SECRET_NOT_FOUND'],
  ['ParameterVersionNotFound', 'SECRET_NOT_FOUND'],
  ['AccessDeniedException', 'SECRET_DENIED'],
  ['InvalidKeyId', 'SECRET_NOT_DECRYPTABLE'],
])
