import { generateKeyPairSync } from 'node:crypto'
import { executionRoleName } from '../../shared/access/index.ts'
import { inRole } from '../by-hand.ts'
import { customerKey, type KmsKey, type ParameterStore } from '../ssm/index.ts'
import { rewritten } from './documents.ts'
import { type Fault, keyPairOf, type MapScene, type Scene, withKeyPair } from './fault.ts'

const user = (scene: MapScene) => `"${keyPairOf(scene).user}"`

/** Stores another value in the place of the one there is. */
const store = (parameters: ParameterStore, name: string, change: (value: string) => string, key?: KmsKey): void => {
  const before = parameters.find(name)?.versions.at(-1)
  if (!before) throw new TypeError(`The parameter ${name} of the whole world is not there.`)
  parameters.put({ name, type: 'SecureString', value: change(before.value), ...(key && { key }) })
}

const privateKey = (change: (value: string) => string) => ({
  given: withKeyPair,
  stored: (parameters: ParameterStore, scene: Scene) => store(parameters, keyPairOf(scene).privateKey, change),
})

const anotherKey = ({ place }: Scene, enabled: boolean): KmsKey =>
  customerKey(
    `arn:${place.partition}:kms:${place.region}:${place.accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    place,
    { enabled },
  )

/** Both parameters under a key of the account's own. */
const underKey = (enabled: boolean) => (parameters: ParameterStore, scene: Scene) => {
  const key = anotherKey(scene, enabled)
  parameters.addKey(key)
  const { privateKey, passphrase } = keyPairOf(scene)
  for (const name of [privateKey, passphrase]) store(parameters, name, (value) => value, key)
}

/** The body of a public key whose private half nobody keeps. */
const strangersKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64')

export const keyPairFaults = {
  'parameter-missing': {
    given: withKeyPair,
    stored: (parameters, scene) => parameters.remove(keyPairOf(scene).privateKey),
  },
  'parameter-denied': {
    given: withKeyPair,
    byHand: (scene) =>
      inRole(executionRoleName(scene.stageName, 'snowflake-probe'), (role) => [
        {
          ...role,
          identityPolicies: role.identityPolicies.map((policy) =>
            rewritten(policy, (text) => text.replace(/:parameter\/.*$/, ':parameter/another')),
          ),
        },
      ]),
  },
  'parameter-key-denied': { given: withKeyPair, stored: underKey(true) },
  'parameter-key-disabled': {
    given: withKeyPair,
    stored: underKey(false),
  },
  'private-key-damaged': privateKey((pem) => pem.split('\n').toSpliced(5, 4).join('\n')),
  'private-key-newlines-lost': privateKey((pem) => pem.replaceAll('\n', '')),
  'passphrase-wrong': {
    given: withKeyPair,
    stored: (parameters, scene) => store(parameters, keyPairOf(scene).passphrase, (value) => `${value}\n`),
  },
  'public-key-missing': {
    given: withKeyPair,
    sql: (scene) => [`ALTER USER ${user(scene)} UNSET RSA_PUBLIC_KEY`],
  },
  'key-rotated': {
    given: withKeyPair,
    sql: (scene) => [`ALTER USER ${user(scene)} SET RSA_PUBLIC_KEY = '${strangersKey()}'`],
  },
  'user-name-not-login-name': {
    given: withKeyPair,
    sql: (scene) => [`ALTER USER ${user(scene)} SET LOGIN_NAME = 'PROBE@EXAMPLE.COM'`],
  },
} as const satisfies Readonly<Record<string, Fault>>
