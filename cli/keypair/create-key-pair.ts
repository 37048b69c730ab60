import { CommandFailure } from '../command-failure.ts'
import { createStoredKey, createStoredPassphrase } from './create-stored-key.ts'
import type { KeypairContext, KeypairLogin, KeypairResult } from './keypair-context.ts'
import {
  type PublicKeyProperty,
  type PublicKeys,
  propertyOf,
  publicKeyProperties,
  publicKeysOf,
  quotedUser,
  registerKey,
  setKeysSql,
  unsetKeySql,
} from './public-keys.ts'
import { nextParameterName, type StoredPair } from './stored-pair.ts'

/**
 * Creates a key pair unless one is stored, and registers its public key in Snowflake. A stored pair stays, so that an
 * interrupted run can be resumed.
 */
export const createKeyPair = async (
  stored: StoredPair,
  login: KeypairLogin,
  context: KeypairContext,
): Promise<KeypairResult> => {
  const { user, privateKey } = login
  const { runSql, runStep, printNote } = context
  const current = usableKey(stored, login)
  const registeredKeys = runSql && (await publicKeysOf(runSql, user))
  const registeredAs = current && registeredKeys && propertyOf(registeredKeys, current.publicHalf.fingerprint)
  const property = registeredAs ?? freeProperty(registeredKeys ?? {}, user)

  const passphrase = stored.passphrase ?? (await createStoredPassphrase(login, context))
  const { pem, publicHalf } = current ?? (await createStoredKey(privateKey, passphrase, context))
  if (current) printNote(`${privateKey} already has a key. No new key was created.`)
  const outcome = { publicHalf, pair: { pem, passphrase } }
  if (registeredAs) {
    printNote(`Registered in Snowflake as ${registeredAs}.`)
    return { ...outcome, property, statements: [] }
  }
  const keys = { [property]: publicHalf.body }
  if (!runSql) return { ...outcome, property, statements: [setKeysSql(user, keys)] }
  await runStep(
    `set ${property} of ${quotedUser(user)} in Snowflake`,
    () => registerKey(runSql, user, keys, publicHalf.fingerprint),
    undefined,
  )
  return { ...outcome, property, statements: [] }
}

/** Existing keys of the user stay registered. */
const freeProperty = (registeredKeys: PublicKeys, user: string): PublicKeyProperty => {
  const free = publicKeyProperties.find((property) => registeredKeys[property] === undefined)
  if (free) return free
  throw new CommandFailure(
    `${quotedUser(user)} has two other keys, ${Object.values(registeredKeys).join(' and ')}. Nothing was changed.`,
    {
      remedy: `If one of them is unused, run: ${unsetKeySql(user, 'RSA_PUBLIC_KEY_2')} Then run the command again.`,
    },
  )
}

/** The stored key, if there is one. @throws CommandFailure if it is unusable or being rotated */
const usableKey = ({ passphrase, current, next }: StoredPair, login: KeypairLogin) => {
  if (next) {
    throw new CommandFailure(`A rotation is in progress: ${nextParameterName(login.privateKey)} exists.`, {
      remedy: 'Resume it: run the same command with --rotate.',
    })
  }
  if (!current) return undefined
  if (!('publicHalf' in current)) {
    throw new CommandFailure(`${login.privateKey} exists but is not usable. ${current.problem}`, {
      remedy: 'Fix it, or replace it with --rotate.',
    })
  }
  if (passphrase === undefined) {
    throw new CommandFailure(`${login.privateKey} exists but ${login.passphrase} does not. The service needs both.`, {
      remedy: 'Create a new key with a passphrase: --rotate.',
    })
  }
  return current
}
