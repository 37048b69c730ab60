import type { ParameterTier, SSMClientConfig } from '@aws-sdk/client-ssm'
import { CommandFailure } from '../command-failure.ts'
import { parameterStoreFailure, type StoreNames } from './parameter-store-failure.ts'

export interface StoredValue {
  readonly value: string
  readonly version: number
  /** When this version was written, on the clock of AWS. */
  readonly storedAt: Date
}

/** Secrets in Parameter Store, each a SecureString under one key. Every failure is a CommandFailure that shows no value. */
export interface SecretStore {
  readonly read: (name: string, version?: number) => Promise<StoredValue | undefined>
  /** Fails if the parameter exists. */
  readonly create: (name: string, value: string) => Promise<void>
  /** Writes a new version. */
  readonly replace: (name: string, value: string) => Promise<void>
  readonly remove: (name: string) => Promise<void>
}

/** Milliseconds. An unreachable store fails fast. */
const requestTimeouts = { connectionTimeout: 5_000, requestTimeout: 30_000 }

/** Of two tiers the one without charge, unless the value is over 4,096 characters or the parameter has the other already. */
const tier: ParameterTier = 'Intelligent-Tiering'

export const createSecretStore = (
  config: SSMClientConfig & { readonly region: string },
  parameterNames: Omit<StoreNames, 'region'>,
): SecretStore => {
  const { kmsKeyArn } = parameterNames
  const clientPromise = import('@aws-sdk/client-ssm').then((ssm) => ({
    ssm,
    client: new ssm.SSMClient({ ...config, requestHandler: requestTimeouts }),
  }))
  const failureOf = (thrown: unknown, value?: string) =>
    parameterStoreFailure(thrown, { ...parameterNames, region: config.region }, value)

  const read: SecretStore['read'] = async (name, version) => {
    const { ssm, client } = await clientPromise
    const selected = version === undefined ? name : `${name}:${version}`
    try {
      const { Parameter: found } = await client.send(
        new ssm.GetParameterCommand({ Name: selected, WithDecryption: true }),
      )
      if (found?.Value === undefined || found.Version === undefined || !found.LastModifiedDate) {
        throw new CommandFailure(`Parameter Store returned ${selected} without a value.`)
      }
      if (found.Type !== 'SecureString') {
        throw new CommandFailure(
          `${name} has type ${found.Type}, not SecureString: its value is stored in plain text.`,
          {
            remedy: 'Use another parameter in access.yml, or delete this one.',
          },
        )
      }
      return { value: found.Value, version: found.Version, storedAt: found.LastModifiedDate }
    } catch (thrown) {
      if (thrown instanceof ssm.ParameterNotFound || thrown instanceof ssm.ParameterVersionNotFound) return undefined
      throw failureOf(thrown)
    }
  }

  const put = async (name: string, value: string, Overwrite: boolean): Promise<void> => {
    const { ssm, client } = await clientPromise
    await client.send(
      new ssm.PutParameterCommand({
        Name: name,
        Value: value,
        Type: 'SecureString',
        Tier: tier,
        Overwrite,
        ...(kmsKeyArn !== undefined && { KeyId: kmsKeyArn }),
      }),
    )
  }

  return {
    read,
    create: async (name, value) => {
      try {
        await put(name, value, false)
      } catch (thrown) {
        const { ssm } = await clientPromise
        if (!(thrown instanceof ssm.ParameterAlreadyExists)) throw failureOf(thrown, value)
        // After a lost response the SDK retries, and finds its own value.
        if ((await read(name))?.value === value) return
        throw new CommandFailure(`${name} was created in the meantime. It was not changed.`, {
          remedy: 'Another process may be running the same command. Run it again to resume.',
        })
      }
    },
    replace: (name, value) =>
      put(name, value, true).catch((thrown: unknown) => {
        throw failureOf(thrown, value)
      }),
    remove: async (name) => {
      const { ssm, client } = await clientPromise
      await client.send(new ssm.DeleteParameterCommand({ Name: name })).catch((thrown: unknown) => {
        if (!(thrown instanceof ssm.ParameterNotFound)) throw failureOf(thrown)
      })
    },
  }
}
