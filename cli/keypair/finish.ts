import { CommandFailure } from '../command-failure.ts'
import { checkAge } from './earliest-finish.ts'
import type { Login, Means, Outcome } from './means.ts'
import { placeOf, places, publicKeysOf, quotedUser, setKeys, unsetKey } from './public-keys.ts'
import { fingerprintBefore, nextOf, type StoredPair } from './stored-pair.ts'

/** Has Snowflake forget the key that was stored before this one, and no other. */
export const finish = async (
  stored: StoredPair,
  login: Login,
  said: { readonly now: boolean },
  means: Means,
): Promise<Outcome> => {
  const { user } = login
  const { store, runSql, step, note } = means
  const { pem, version, since, half } = usable(stored, login)
  checkAge({ version, since }, said.now, means.now())
  const outcome = { half, pair: { pem, passphrase: stored.passphrase ?? '' } }
  if (!runSql && version === 1) {
    note(`${login.privateKey} has no previous key. Nothing to remove.`)
    return { ...outcome, place: 'RSA_PUBLIC_KEY', statements: [] }
  }
  if (!runSql) {
    // Whatever the places hold, the stored key stays known.
    const statements = [setKeys(user, { RSA_PUBLIC_KEY: half.body }), unsetKey(user, 'RSA_PUBLIC_KEY_2')]
    return { ...outcome, place: 'RSA_PUBLIC_KEY', statements }
  }

  const held = await publicKeysOf(runSql, user)
  const place = placeOf(held, half.fingerprint)
  if (place === undefined) {
    throw new CommandFailure(
      `The stored key ${half.fingerprint} is not registered in Snowflake. Nothing was changed.`,
      {
        remedy: 'Register it first: run the same command without --finish.',
      },
    )
  }
  const other = places.find((one) => one !== place && held[one] !== undefined)
  if (other === undefined) {
    note(`${quotedUser(user)} has no other key. Nothing to remove.`)
    return { ...outcome, place, statements: [] }
  }
  if (held[other] !== (await fingerprintBefore(store, login, stored))) {
    throw new CommandFailure(
      `${other} has ${held[other]}, which is not the previous stored key. Nothing was changed.`,
      { remedy: `If it is unused, run: ${unsetKey(user, other)}` },
    )
  }
  await step(`unset ${other} of ${quotedUser(user)} in Snowflake`, () => runSql(unsetKey(user, other)), undefined)
  return { ...outcome, place, statements: [] }
}

const usable = ({ current, next }: StoredPair, { privateKey }: Login) => {
  if (next) {
    throw new CommandFailure(`The rotation is not complete: ${nextOf(privateKey)} exists.`, {
      remedy: 'Complete it first: run the same command with --rotate.',
    })
  }
  if (!current)
    throw new CommandFailure(`${privateKey} does not exist.`, {
      remedy: 'Create a key pair: run the command without --finish.',
    })
  if ('half' in current) return current
  throw new CommandFailure(`The value of ${privateKey} is not usable. ${current.fault}`, {
    remedy: 'Replace it with --rotate.',
  })
}
