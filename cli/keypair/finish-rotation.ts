import { CommandFailure } from '../command-failure.ts'
import { checkKeyAge } from './finish-time.ts'
import type { KeypairContext, KeypairLogin, KeypairResult } from './keypair-context.ts'
import { propertyOf, publicKeyProperties, publicKeysOf, quotedUser, setKeysSql, unsetKeySql } from './public-keys.ts'
import { fingerprintBefore, nextParameterName, type StoredPair } from './stored-pair.ts'

/** Removes the previous stored key from Snowflake, and no other key. */
export const finishRotation = async (
  stored: StoredPair,
  login: KeypairLogin,
  options: { readonly now: boolean },
  context: KeypairContext,
): Promise<KeypairResult> => {
  const { user } = login
  const { store, runSql, runStep, printNote } = context
  const { pem, version, storedAt, publicHalf } = usableKey(stored, login)
  checkKeyAge({ version, storedAt }, options.now, context.now())
  const outcome = { publicHalf, pair: { pem, passphrase: stored.passphrase ?? '' } }
  if (!runSql && version === 1) {
    printNote(`${login.privateKey} has no previous key. Nothing to remove.`)
    return { ...outcome, property: 'RSA_PUBLIC_KEY', statements: [] }
  }
  if (!runSql) {
    // Valid for any current keys: the stored key stays registered.
    const statements = [setKeysSql(user, { RSA_PUBLIC_KEY: publicHalf.body }), unsetKeySql(user, 'RSA_PUBLIC_KEY_2')]
    return { ...outcome, property: 'RSA_PUBLIC_KEY', statements }
  }

  const registeredKeys = await publicKeysOf(runSql, user)
  const property = propertyOf(registeredKeys, publicHalf.fingerprint)
  if (property === undefined) {
    throw new CommandFailure(
      `The stored key ${publicHalf.fingerprint} is not registered in Snowflake. Nothing was changed.`,
      {
        remedy: 'Register it first: run the same command without --finish.',
      },
    )
  }
  const other = publicKeyProperties.find((one) => one !== property && registeredKeys[one] !== undefined)
  if (other === undefined) {
    printNote(`${quotedUser(user)} has no other key. Nothing to remove.`)
    return { ...outcome, property, statements: [] }
  }
  if (registeredKeys[other] !== (await fingerprintBefore(store, login, stored))) {
    throw new CommandFailure(
      `${other} has ${registeredKeys[other]}, which is not the previous stored key. Nothing was changed.`,
      { remedy: `If it is unused, run: ${unsetKeySql(user, other)}` },
    )
  }
  await runStep(`unset ${other} of ${quotedUser(user)} in Snowflake`, () => runSql(unsetKeySql(user, other)), undefined)
  return { ...outcome, property, statements: [] }
}

const usableKey = ({ current, next }: StoredPair, { privateKey }: KeypairLogin) => {
  if (next) {
    throw new CommandFailure(`The rotation is not complete: ${nextParameterName(privateKey)} exists.`, {
      remedy: 'Complete it first: run the same command with --rotate.',
    })
  }
  if (!current)
    throw new CommandFailure(`${privateKey} does not exist.`, {
      remedy: 'Create a key pair: run the command without --finish.',
    })
  if ('publicHalf' in current) return current
  throw new CommandFailure(`The value of ${privateKey} is not usable. ${current.problem}`, {
    remedy: 'Replace it with --rotate.',
  })
}
