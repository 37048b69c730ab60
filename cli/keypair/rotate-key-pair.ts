import type { KeyObject } from 'node:crypto'
import type { SnowflakePublicKey } from '../../shared/snowflake/index.ts'
import { CommandFailure } from '../command-failure.ts'
import { createStoredKey, createStoredPassphrase } from './create-stored-key.ts'
import { checkKeyAge, earliestFinish } from './finish-time.ts'
import type { KeypairContext, KeypairLogin, KeypairResult } from './keypair-context.ts'
import { type PublicKeys, propertyOf, publicKeysOf, quotedUser, registerKey, setKeysSql } from './public-keys.ts'
import { nextParameterName, type StoredPair } from './stored-pair.ts'

interface RotationOptions {
  /** The user confirms that the printed statement was run. */
  readonly registered: boolean
  /** Do not wait for functions that may still use the previous key. */
  readonly now: boolean
}

/**
 * Replaces the stored key. The next key is stored in a separate parameter until Snowflake has both; then one write replaces
 * the key, with the same passphrase, so that the two parameters are a valid pair at any time. An interrupted rotation
 * resumes.
 */
export const rotateKeyPair = async (
  stored: StoredPair,
  login: KeypairLogin,
  options: RotationOptions,
  context: KeypairContext,
): Promise<KeypairResult> => {
  const { user, privateKey } = login
  const { store, runSql, runStep, printNote } = context
  const { old, waiting: nextKey } = usableKeys(stored, login)
  if (options.registered && !nextKey) {
    throw new CommandFailure(`No rotation is in progress: ${nextParameterName(privateKey)} does not exist.`, {
      remedy: 'To start one, omit --registered. If it is complete, continue with --finish.',
    })
  }
  const registeredKeys = runSql && (await publicKeysOf(runSql, user))
  const isReplaced = nextKey !== undefined && old?.fingerprint === nextKey.publicHalf.fingerprint
  // If only the last step is left, the other key in Snowflake is the previous one.
  if (registeredKeys && !isReplaced) rejectOtherKeys(registeredKeys, [old, nextKey?.publicHalf], user)
  if (!registeredKeys && !nextKey && stored.current) checkKeyAge(stored.current, options.now, context.now())

  const passphrase = stored.passphrase ?? (await createStoredPassphrase(login, context))
  if (nextKey) printNote(`${nextParameterName(privateKey)} already has the next key. No new key was created.`)
  const { pem, publicHalf } = nextKey ?? (await createStoredKey(nextParameterName(privateKey), passphrase, context))
  const outcome = { publicHalf, pair: { pem, passphrase } }

  if (!isReplaced) {
    const keys = { RSA_PUBLIC_KEY: publicHalf.body, ...(old && { RSA_PUBLIC_KEY_2: old.body }) }
    if (!runSql && !options.registered && !(await canLogIn(nextKey, context))) {
      const statements = [setKeysSql(user, keys)]
      return { ...outcome, property: 'RSA_PUBLIC_KEY', statements, nextStep: { flags: ['--rotate'] } }
    }
    if (runSql && registeredKeys && propertyOf(registeredKeys, publicHalf.fingerprint) === undefined) {
      await runStep(
        `set RSA_PUBLIC_KEY of ${quotedUser(user)} in Snowflake to the next key, and RSA_PUBLIC_KEY_2 to the previous key`,
        () => registerKey(runSql, user, onlyRegistered(keys, registeredKeys, old), publicHalf.fingerprint),
        undefined,
      )
    }
    const write = stored.current ? store.replace : store.create
    await runStep(`replace the private key in ${privateKey}`, () => write(privateKey, pem), undefined)
  }
  await runStep(`delete ${nextParameterName(privateKey)}`, () => store.remove(nextParameterName(privateKey)), undefined)
  const property = (registeredKeys && propertyOf(registeredKeys, publicHalf.fingerprint)) ?? 'RSA_PUBLIC_KEY'
  const replacedAt = isReplaced && stored.current ? stored.current.storedAt : context.now()
  return {
    ...outcome,
    property,
    statements: [],
    nextStep: { flags: ['--finish'], notBefore: earliestFinish(replacedAt) },
  }
}

/** The key to replace, if it is usable, and the next key. */
const usableKeys = ({ current, next }: StoredPair, { privateKey }: KeypairLogin) => {
  if (!current && !next) {
    throw new CommandFailure(`No key to replace: ${privateKey} does not exist.`, {
      remedy: 'Create the first key: run the same command without --rotate.',
    })
  }
  if (next && !('publicHalf' in next)) {
    throw new CommandFailure(`${nextParameterName(privateKey)} has no usable key. ${next.problem}`, {
      remedy: `Delete it (aws ssm delete-parameter --name ${nextParameterName(privateKey)}; nothing reads it) and start the rotation again.`,
    })
  }
  return { old: current && 'publicHalf' in current ? current.publicHalf : undefined, waiting: next }
}

/** A login with the next key proves that the statement was run. */
const canLogIn = async (
  nextKey: { readonly key: KeyObject } | undefined,
  { tryLogin, printNote }: KeypairContext,
): Promise<boolean> => {
  if (!nextKey) return false
  const answer = await tryLogin(nextKey.key)
  printNote(answer === true ? 'Login with the next key succeeded.' : `Login with the next key failed. ${answer}`)
  return answer === true
}

/** A third key would be unregistered, and logins with it would fail. */
const rejectOtherKeys = (
  registeredKeys: PublicKeys,
  ours: readonly (SnowflakePublicKey | undefined)[],
  user: string,
) => {
  const other = Object.entries(registeredKeys).find(([, shown]) => !ours.some((half) => half?.fingerprint === shown))
  if (!other) return
  throw new CommandFailure(`${quotedUser(user)} has another key as ${other.join(', ')}. Nothing was changed.`, {
    remedy: `If it belongs to an earlier rotation, finish that first: run the same command with --finish. If it is unused, run: ALTER USER ${quotedUser(user)} UNSET ${other[0]};`,
  })
}

/** Keeps the old key registered, and does not register it if it was not. */
const onlyRegistered = (
  keys: PublicKeys,
  registeredKeys: PublicKeys,
  old: SnowflakePublicKey | undefined,
): PublicKeys => {
  const { RSA_PUBLIC_KEY_2: _, ...next } = keys
  return old && propertyOf(registeredKeys, old.fingerprint) !== undefined ? keys : next
}
