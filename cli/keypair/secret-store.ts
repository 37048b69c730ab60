import type { ParameterTier, SSMClientConfig } from '@aws-sdk/client-ssm'
import { CommandFailure } from '../command-failure.ts'
import { type Asked, storeFailure } from './store-failure.ts'

export interface StoredValue {
  readonly value: string
  readonly version: number
  /** When this version was written, on the clock of AWS. */
  readonly since: Date
}

/** Secrets in Parameter Store, each a SecureString under one key. Every failure is a CommandFailure that shows no value. */
export interface SecretStore {
  readonly read: (name: string, version?: number) => Promise<StoredValue | undefined>
  /** Never in place of another. */
  readonly create: (name: string, value: string) => Promise<void>
  /** A new version of one that is there. */
  readonly replace: (name: string, value: string) => Promise<void>
  readonly remove: (name: string) => Promise<void>
}

/** Milliseconds. A store that nobody answers for is told of, not waited for. */
const patience = { connectionTimeout: 5_000, requestTimeout: 30_000 }

/** Of two tiers the one without charge, unless the value is over 4,096 characters or the parameter has the other already. */
const tier: ParameterTier = 'Intelligent-Tiering'

export const openSecretStore = (
  config: SSMClientConfig & { readonly region: string },
  asked: Omit<Asked, 'region'>,
): SecretStore => {
  const { kmsKeyArn } = asked
  const opened = import('@aws-sdk/client-ssm').then((ssm) => ({
    ssm,
    client: new ssm.SSMClient({ ...config, requestHandler: patience }),
  }))
  const failureOf = (thrown: unknown, value?: string) =>
    storeFailure(thrown, { ...asked, region: config.region }, value)

  const read: SecretStore['read'] = async (name, version) => {
    const { ssm, client } = await opened
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
      return { value: found.Value, version: found.Version, since: found.LastModifiedDate }
    } catch (thrown) {
      if (thrown instanceof ssm.ParameterNotFound || thrown instanceof ssm.ParameterVersionNotFound) return undefined
      throw failureOf(thrown)
    }
  }

  const put = async (name: string, value: string, Overwrite: boolean): Promise<void> => {
    const { ssm, client } = await opened
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
        const { ssm } = await opened
        if (!(thrown instanceof ssm.ParameterAlreadyExists)) throw failureOf(thrown, value)
        // An answer that was lost on its way lets the SDK ask again, and find what it wrote itself.
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
      const { ssm, client } = await opened
      await client.send(new ssm.DeleteParameterCommand({ Name: name })).catch((thrown: unknown) => {
        if (!(thrown instanceof ssm.ParameterNotFound)) throw failureOf(thrown)
      })
    },
  }
}
