import type { SSMClient } from '@aws-sdk/client-ssm'
import type { ErrorCode } from '../errors/error-table.ts'
import { ServiceError } from '../errors/service-error.ts'
import type { FetchContext } from './expiring-cache.ts'
import { type AwsClientOptions, type RetryDependencies, sdkClientConfig } from './sdk-client-options.ts'
import { sendWithRetries } from './send-with-retries.ts'

/**
 * Reads and decrypts one SSM parameter. The name may be an ARN or end in `:version` or `:label`.
 *
 * Throws ServiceErrors. Permanent: SECRET_NOT_FOUND, SECRET_DENIED, SECRET_NOT_DECRYPTABLE, AWS_REQUEST_REFUSED,
 * OWN_CREDENTIALS_UNUSABLE. Transient: AWS_THROTTLED, AWS_UNREACHABLE.
 */
export const createParameterReader = (settings: AwsClientOptions, dependencies: RetryDependencies) => {
  let client: SSMClient | undefined
  return async (name: string, context: FetchContext): Promise<string> => {
    // Loaded with the first secret, not during a cold start.
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    client ??= new SSMClient(sdkClientConfig(settings))
    const ssm = client
    const command = new GetParameterCommand({ Name: name, WithDecryption: true })
    const operation = `ssm:GetParameter of ${name}`
    const send = (abortSignal: AbortSignal) => ssm.send(command, { abortSignal })
    const { Parameter } = await sendWithRetries({ operation, client, send, errorCodeFor }, context, dependencies)
    if (Parameter?.Value !== undefined) return Parameter.Value
    throw new ServiceError('AWS_UNREACHABLE', { cause: new Error(`${operation}: response without a value`) })
  }
}

/** SSM returns KMS errors with its own error type: only the message tells them apart. */
const errorCodeFor = (errorType: string, message: string): ErrorCode | undefined => {
  const ofKms = errorType === 'AccessDeniedException' && kmsErrorMessage.test(message)
  return ofKms ? 'SECRET_NOT_DECRYPTABLE' : errorCodes.get(errorType)
}

/** Never matches a parameter name, which the message contains. */
const kmsErrorMessage = /^The ciphertext |perform: kms:|Service: (AWS)?KMS/i

const errorCodes: ReadonlyMap<string, ErrorCode> = new Map([
  ['ParameterNotFound', 'SECRET_NOT_FOUND'],
  ['ParameterVersionNotFound', 'SECRET_NOT_FOUND'],
  ['AccessDeniedException', 'SECRET_DENIED'],
  ['InvalidKeyId', 'SECRET_NOT_DECRYPTABLE'],
])
