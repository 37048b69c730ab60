import { CommandFailure } from '../command-failure.ts'
import type { Login, Means, Outcome } from './means.ts'
import {
  type Place,
  type PublicKeys,
  placeOf,
  places,
  publicKeysOf,
  quotedUser,
  register,
  setKeys,
  unsetKey,
} from './public-keys.ts'
import { storedKey, storedPassphrase } from './store-pair.ts'
import { nextOf, type StoredPair } from './stored-pair.ts'

/**
 * Sees to it that there is a key pair and that Snowflake knows it. What is stored already stays, and its public half is what
 * Snowflake is told: so it goes on wherever it was interrupted.
 */
export const firstPair = async (stored: StoredPair, login: Login, means: Means): Promise<Outcome> => {
  const { user, privateKey } = login
  const { runSql, step, note } = means
  const current = usable(stored, login)
  const held = runSql && (await publicKeysOf(runSql, user))
  const known = current && held && placeOf(held, current.half.fingerprint)
  const place = known ?? freePlace(held ?? {}, user)

  const passphrase = stored.passphrase ?? (await storedPassphrase(login, means))
  const { pem, half } = current ?? (await storedKey(privateKey, passphrase, means))
  if (current) note(`${privateKey} already has a key. No new key was created.`)
  const outcome = { half, pair: { pem, passphrase } }
  if (known) {
    note(`Registered in Snowflake as ${known}.`)
    return { ...outcome, place, statements: [] }
  }
  const keys = { [place]: half.body }
  if (!runSql) return { ...outcome, place, statements: [setKeys(user, keys)] }
  await step(
    `set ${place} of ${quotedUser(user)} in Snowflake`,
    () => register(runSql, user, keys, half.fingerprint),
    undefined,
  )
  return { ...outcome, place, statements: [] }
}

/** Whoever logs in with another key of the user goes on to do so. */
const freePlace = (held: PublicKeys, user: string): Place => {
  const free = places.find((place) => held[place] === undefined)
  if (free) return free
  throw new CommandFailure(
    `${quotedUser(user)} has two other keys, ${Object.values(held).join(' and ')}. Nothing was changed.`,
    {
      remedy: `If one of them is unused, run: ${unsetKey(user, 'RSA_PUBLIC_KEY_2')} Then run the command again.`,
    },
  )
}

/** The stored key, if there is one: never one that the service could not use, or that is about to be replaced. */
const usable = ({ passphrase, current, next }: StoredPair, login: Login) => {
  if (next) {
    throw new CommandFailure(`A rotation is in progress: ${nextOf(login.privateKey)} exists.`, {
      remedy: 'Resume it: run the same command with --rotate.',
    })
  }
  if (!current) return undefined
  if (!('half' in current)) {
    throw new CommandFailure(`${login.privateKey} exists but is not usable. ${current.fault}`, {
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
