import { generateKeyPairSync } from 'node:crypto'
import { executionRoleName } from '../../shared/access/index.ts'
import { withChangedRole } from '../deployment/manual-drift.ts'
import { customerKey, type KmsKey, type ParameterStore } from '../services/ssm/index.ts'
import { type Fault, type FaultContext, type FaultMapContext, keyPairOf, withKeyPair } from './fault.ts'
import { rewritePolicy } from './policy-edits.ts'

const user = (context: FaultMapContext) => `"${keyPairOf(context).user}"`

/** Changes the value of an existing parameter. */
const replaceParameter = (
  parameters: ParameterStore,
  name: string,
  change: (value: string) => string,
  key?: KmsKey,
): void => {
  const current = parameters.find(name)?.versions.at(-1)
  if (!current) throw new TypeError(`The parameter ${name} does not exist.`)
  parameters.put({ name, type: 'SecureString', value: change(current.value), ...(key && { key }) })
}

const changedPrivateKey = (change: (value: string) => string) => ({
  prerequisites: withKeyPair,
  changeParameters: (parameters: ParameterStore, context: FaultContext) =>
    replaceParameter(parameters, keyPairOf(context).privateKey, change),
})

const otherKmsKey = ({ location }: FaultContext, enabled: boolean): KmsKey =>
  customerKey(
    `arn:${location.partition}:kms:${location.region}:${location.accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    location,
    { enabled },
  )

/** Encrypts both parameters with a customer managed key. */
const underOtherKey = (enabled: boolean) => (parameters: ParameterStore, context: FaultContext) => {
  const key = otherKmsKey(context, enabled)
  parameters.addKey(key)
  const { privateKey, passphrase } = keyPairOf(context)
  for (const name of [privateKey, passphrase]) replaceParameter(parameters, name, (value) => value, key)
}

/** The body of a public key without its private key. */
const unknownPublicKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64')

export const keyPairFaults = {
  'parameter-missing': {
    prerequisites: withKeyPair,
    changeParameters: (parameters, context) => parameters.remove(keyPairOf(context).privateKey),
  },
  'parameter-denied': {
    prerequisites: withKeyPair,
    manualChanges: (context) =>
      withChangedRole(executionRoleName(context.stageName, 'snowflake-probe'), (role) => [
        {
          ...role,
          identityPolicies: role.identityPolicies.map((policy) =>
            rewritePolicy(policy, (text) => text.replace(/:parameter\/.*$/, ':parameter/another')),
          ),
        },
      ]),
  },
  'parameter-key-denied': { prerequisites: withKeyPair, changeParameters: underOtherKey(true) },
  'parameter-key-disabled': {
    prerequisites: withKeyPair,
    changeParameters: underOtherKey(false),
  },
  'private-key-damaged': changedPrivateKey((pem) => pem.split('\n').toSpliced(5, 4).join('\n')),
  'private-key-newlines-lost': changedPrivateKey((pem) => pem.replaceAll('\n', '')),
  'passphrase-wrong': {
    prerequisites: withKeyPair,
    changeParameters: (parameters, context) =>
      replaceParameter(parameters, keyPairOf(context).passphrase, (value) => `${value}\n`),
  },
  'public-key-missing': {
    prerequisites: withKeyPair,
    sql: (context) => [`ALTER USER ${user(context)} UNSET RSA_PUBLIC_KEY`],
  },
  'key-rotated': {
    prerequisites: withKeyPair,
    sql: (context) => [`ALTER USER ${user(context)} SET RSA_PUBLIC_KEY = '${unknownPublicKey()}'`],
  },
  'user-name-not-login-name': {
    prerequisites: withKeyPair,
    sql: (context) => [`ALTER USER ${user(context)} SET LOGIN_NAME = 'PROBE@EXAMPLE.COM'`],
  },
} as const satisfies Readonly<Record<string, Fault>>
