import type { Identifiers } from '../../identifiers.ts'
import type { KmsKey } from './kms-key.ts'

export type ParameterType = 'String' | 'StringList' | 'SecureString'
export type Tier = 'Standard' | 'Advanced'

export interface ParameterVersion {
  readonly version: number
  readonly value: string
  readonly lastModified: Date
  /** SecureString only: the ciphertext, returned without WithDecryption. */
  readonly ciphertext?: string
  /** SecureString only. */
  readonly key?: KmsKey
}

export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly tier: Tier
  /** Oldest first. */
  readonly versions: readonly ParameterVersion[]
}

export interface NewParameterValue {
  readonly name: string
  readonly type: ParameterType
  readonly value: string
  readonly tier?: Tier
  /** Absent: for a SecureString the key that AWS manages. */
  readonly key?: KmsKey
}

/** Parameter Store's data, without authorization: the endpoint evaluates the policies. */
export interface ParameterStore {
  readonly find: (name: string) => Parameter | undefined
  /** A new parameter, or a new version of it. */
  readonly put: (value: NewParameterValue) => Parameter
  readonly remove: (name: string) => void
  readonly addKey: (key: KmsKey) => void
  /** By key id, key ARN, alias name or alias ARN. */
  readonly findKey: (keyId: string) => KmsKey | undefined
  readonly managedKey: KmsKey
  /** Remembers parameters and keys, for the function that is returned to put back. */
  readonly snapshot: () => () => void
}

interface ParameterStoreDependencies {
  /** The one that AWS manages for Parameter Store. */
  readonly managedKey: KmsKey
  readonly keys?: readonly KmsKey[]
  readonly identifiers: Identifiers
  readonly now: () => Date
}

export const createParameterStore = ({
  managedKey,
  keys: customerKeys = [],
  identifiers,
  now,
}: ParameterStoreDependencies): ParameterStore => {
  let keys: ReadonlyMap<string, KmsKey> = new Map([managedKey, ...customerKeys].map((key) => [key.arn, key]))
  let parameters: ReadonlyMap<string, Parameter> = new Map()
  return {
    managedKey,
    find: (name) => parameters.get(name),
    remove: (name) => {
      parameters = new Map([...parameters].filter(([other]) => other !== name))
    },
    put: ({ name, type, value, tier = 'Standard', key = managedKey }) => {
      const previousVersions = parameters.get(name)?.versions ?? []
      const version: ParameterVersion = {
        version: (previousVersions.at(-1)?.version ?? 0) + 1,
        value,
        lastModified: now(),
        // Drawn, not computed: nothing of the value is in it.
        ...(type === 'SecureString' && {
          ciphertext: Buffer.from(identifiers.sessionToken()).toString('base64'),
          key,
        }),
      }
      const parameter = { name, type, tier, versions: [...previousVersions, version] }
      parameters = new Map([...parameters, [name, parameter]])
      return parameter
    },
    addKey: (key) => {
      keys = new Map([...keys, [key.arn, key]])
    },
    snapshot: () => {
      const previousVersions = { keys, parameters }
      return () => {
        keys = previousVersions.keys
        parameters = previousVersions.parameters
      }
    },
    findKey: (keyId) => [...keys.values()].find((key) => keyNames(key).includes(keyId)),
  }
}

const keyNames = ({ arn, aliases }: KmsKey): string[] => {
  const [, id = ''] = arn.split('/')
  return [arn, id, ...aliases, ...aliases.map((alias) => arn.replace(/key\/.*$/, alias))]
}
