import type { KeyObject } from 'node:crypto'
import { ServiceError } from '../errors/service-error.ts'
import { createExpiringCache, type FetchContext } from './expiring-cache.ts'
import { readPrivateKey } from './private-key.ts'
import { type AwsClientOptions, type RetryDependencies, systemRetryDependencies } from './sdk-client-options.ts'
import { createParameterReader } from './ssm-parameter.ts'

/** The source of the private key: SSM parameters, or the environment of an ECS task with injected secrets. */
export type KeyPairSource =
  | {
      readonly parameters: { readonly privateKey: string; readonly passphrase?: string }
      readonly aws: AwsClientOptions
    }
  | { readonly variables: Readonly<Record<string, string | undefined>> }

export interface KeyPairReader {
  /** The cached private key. JSON and `console.log` do not show it. The signal is the caller's deadline. */
  readonly getPrivateKey: (signal: AbortSignal) => Promise<KeyObject>
  /** A newer key after Snowflake rejected this one; undefined if the key is unchanged or was read recently. */
  readonly getReplacement: (rejected: KeyObject, signal: AbortSignal) => Promise<KeyObject | undefined>
}

/** Milliseconds: a background reread happens after the first; a reread after a rejection not before the second. */
export const rereadAfterMs = 900_000
const minRereadIntervalMs = 10_000

/**
 * The key pair that authenticates the service to Snowflake.
 *
 * Throws ServiceErrors: SECRET_NOT_FOUND, SECRET_DENIED and SECRET_NOT_DECRYPTABLE; PRIVATE_KEY_UNUSABLE,
 * PASSPHRASE_MISSING and PASSPHRASE_WRONG; and the errors of any AWS request.
 */
export const createKeyPairReader = (
  source: KeyPairSource,
  dependencies: RetryDependencies = systemRetryDependencies,
): KeyPairReader => {
  const cache = createExpiringCache<KeyObject>(dependencies.now)
  const readKey = 'variables' in source ? readFromVariables(source.variables) : readFromParameters(source, dependencies)
  let readAt = Number.NEGATIVE_INFINITY

  const fetchKey = async (context: FetchContext) => {
    const value = await readKey(context)
    readAt = dependencies.now()
    return { value, refreshAt: readAt + rereadAfterMs, expiresAt: Number.POSITIVE_INFINITY }
  }
  const getPrivateKey = (signal: AbortSignal) => cache.get('', fetchKey, signal)

  return {
    getPrivateKey,
    getReplacement: async (rejected, signal) => {
      if (dependencies.now() >= readAt + minRereadIntervalMs) cache.invalidate('', rejected)
      const current = await getPrivateKey(signal)
      return current.equals(rejected) ? undefined : current
    },
  }
}

type ReadKey = (context: FetchContext) => Promise<KeyObject>

const readFromParameters = (
  { parameters, aws }: Extract<KeyPairSource, { parameters: unknown }>,
  dependencies: RetryDependencies,
): ReadKey => {
  const parameter = createParameterReader(aws, dependencies)
  return async (context) => {
    const { privateKey, passphrase } = parameters
    const [pem, passphraseText] = await Promise.all([
      parameter(privateKey, context),
      passphrase === undefined ? undefined : parameter(passphrase, context),
    ])
    return readPrivateKey(pem, passphraseText)
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html */
const readFromVariables =
  ({ SECRET_KEY, PRIVATE_KEY_PASSPHRASE }: Extract<KeyPairSource, { variables: unknown }>['variables']): ReadKey =>
  async () => {
    if (SECRET_KEY !== undefined) return readPrivateKey(SECRET_KEY, PRIVATE_KEY_PASSPHRASE)
    throw new ServiceError('SECRET_NOT_FOUND', { cause: new Error('SECRET_KEY is not set.') })
  }
