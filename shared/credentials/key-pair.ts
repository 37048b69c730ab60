import type { KeyObject } from 'node:crypto'
import { ServiceError } from '../errors/index.ts'
import { createFresh, type Errand } from './fresh.ts'
import { parameterReader } from './parameter.ts'
import { readPrivateKey } from './private-key.ts'
import { type AwsSettings, realSurroundings, type Surroundings } from './surroundings.ts'

/** The source of the private key: SSM parameters, or the environment of an ECS task with injected secrets. */
export type KeySource =
  | { readonly parameters: { readonly privateKey: string; readonly passphrase?: string }; readonly aws: AwsSettings }
  | { readonly variables: Readonly<Record<string, string | undefined>> }

export interface KeyPair {
  /** The cached private key. JSON and `console.log` do not show it. The signal is the caller's deadline. */
  readonly privateKey: (signal: AbortSignal) => Promise<KeyObject>
  /** A newer key after Snowflake rejected this one; undefined if the key is unchanged or was read recently. */
  readonly replacementOf: (refused: KeyObject, signal: AbortSignal) => Promise<KeyObject | undefined>
}

/** Milliseconds: a background reread happens after the first; a reread after a rejection not before the second. */
export const rereadAfter = 900_000
const rereadPause = 10_000

/**
 * The key pair that authenticates the service to Snowflake.
 *
 * Throws ServiceErrors: SECRET_NOT_FOUND, SECRET_DENIED and SECRET_NOT_DECRYPTABLE; PRIVATE_KEY_UNUSABLE,
 * PASSPHRASE_MISSING and PASSPHRASE_WRONG; and the errors of any AWS request.
 */
export const keyPair = (source: KeySource, surroundings: Surroundings = realSurroundings): KeyPair => {
  const keys = createFresh<KeyObject>(surroundings.now)
  const read = 'variables' in source ? fromVariables(source.variables) : fromParameters(source, surroundings)
  let readAt = Number.NEGATIVE_INFINITY

  const obtain = async (errand: Errand) => {
    const value = await read(errand)
    readAt = surroundings.now()
    return { value, renewAt: readAt + rereadAfter, expiresAt: Number.POSITIVE_INFINITY }
  }
  const privateKey = (signal: AbortSignal) => keys.take('', obtain, signal)

  return {
    privateKey,
    replacementOf: async (refused, signal) => {
      if (surroundings.now() >= readAt + rereadPause) keys.forget('', refused)
      const current = await privateKey(signal)
      return current.equals(refused) ? undefined : current
    },
  }
}

type ReadKey = (errand: Errand) => Promise<KeyObject>

const fromParameters = (
  { parameters, aws }: Extract<KeySource, { parameters: unknown }>,
  surroundings: Surroundings,
): ReadKey => {
  const parameter = parameterReader(aws, surroundings)
  return async (errand) => {
    const { privateKey, passphrase } = parameters
    const [pem, opensIt] = await Promise.all([
      parameter(privateKey, errand),
      passphrase === undefined ? undefined : parameter(passphrase, errand),
    ])
    return readPrivateKey(pem, opensIt)
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html */
const fromVariables =
  ({ SECRET_KEY, PRIVATE_KEY_PASSPHRASE }: Extract<KeySource, { variables: unknown }>['variables']): ReadKey =>
  async () => {
    if (SECRET_KEY !== undefined) return readPrivateKey(SECRET_KEY, PRIVATE_KEY_PASSPHRASE)
    throw new ServiceError('SECRET_NOT_FOUND', { cause: new Error('SECRET_KEY is not set.') })
  }
