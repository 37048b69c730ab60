import type { KeyObject } from 'node:crypto'
import type { PublicHalf } from '../../shared/snowflake/index.ts'
import { CommandFailure } from '../command-failure.ts'
import { checkAge, earliestFinish } from './earliest-finish.ts'
import type { Login, Means, Outcome } from './means.ts'
import { type PublicKeys, placeOf, publicKeysOf, quotedUser, register, setKeys } from './public-keys.ts'
import { storedKey, storedPassphrase } from './store-pair.ts'
import { nextOf, type StoredPair } from './stored-pair.ts'

interface Said {
  /** The statement that was handed out has been run, by the word of whoever gives the command. */
  readonly registered: boolean
  /** Functions that may still have the key before the stored one are not waited for. */
  readonly now: boolean
}

/**
 * Puts a new key in the place of the stored one. It waits in a parameter of its own until Snowflake knows both; then one
 * write replaces the old one, under the same passphrase: whoever reads the two parameters always reads a pair. Begun anew, it
 * goes on from what is there.
 */
export const rotation = async (stored: StoredPair, login: Login, said: Said, means: Means): Promise<Outcome> => {
  const { user, privateKey } = login
  const { store, runSql, step, note } = means
  const { old, waiting } = usable(stored, login)
  if (said.registered && !waiting) {
    throw new CommandFailure(`No rotation is in progress: ${nextOf(privateKey)} does not exist.`, {
      remedy: 'To start one, omit --registered. If it is complete, continue with --finish.',
    })
  }
  const held = runSql && (await publicKeysOf(runSql, user))
  const isReplaced = waiting !== undefined && old?.fingerprint === waiting.half.fingerprint
  // Where only the last step is left, the other key in Snowflake is the one before.
  if (held && !isReplaced) refuseOthers(held, [old, waiting?.half], user)
  if (!held && !waiting && stored.current) checkAge(stored.current, said.now, means.now())

  const passphrase = stored.passphrase ?? (await storedPassphrase(login, means))
  if (waiting) note(`${nextOf(privateKey)} already has the next key. No new key was created.`)
  const { pem, half } = waiting ?? (await storedKey(nextOf(privateKey), passphrase, means))
  const outcome = { half, pair: { pem, passphrase } }

  if (!isReplaced) {
    const keys = { RSA_PUBLIC_KEY: half.body, ...(old && { RSA_PUBLIC_KEY_2: old.body }) }
    if (!runSql && !said.registered && !(await isLetIn(waiting, means))) {
      const statements = [setKeys(user, keys)]
      return { ...outcome, place: 'RSA_PUBLIC_KEY', statements, next: { flags: ['--rotate'] } }
    }
    if (runSql && held && placeOf(held, half.fingerprint) === undefined) {
      await step(
        `set RSA_PUBLIC_KEY of ${quotedUser(user)} in Snowflake to the next key, and RSA_PUBLIC_KEY_2 to the previous key`,
        () => register(runSql, user, withoutUnknown(keys, held, old), half.fingerprint),
        undefined,
      )
    }
    const write = stored.current ? store.replace : store.create
    await step(`replace the private key in ${privateKey}`, () => write(privateKey, pem), undefined)
  }
  await step(`delete ${nextOf(privateKey)}`, () => store.remove(nextOf(privateKey)), undefined)
  const place = (held && placeOf(held, half.fingerprint)) ?? 'RSA_PUBLIC_KEY'
  const replacedAt = isReplaced && stored.current ? stored.current.since : means.now()
  return { ...outcome, place, statements: [], next: { flags: ['--finish'], notBefore: earliestFinish(replacedAt) } }
}

/** The key to replace, if it is one that anybody can have logged in with, and the one that is to replace it. */
const usable = ({ current, next }: StoredPair, { privateKey }: Login) => {
  if (!current && !next) {
    throw new CommandFailure(`No key to replace: ${privateKey} does not exist.`, {
      remedy: 'Create the first key: run the same command without --rotate.',
    })
  }
  if (next && !('half' in next)) {
    throw new CommandFailure(`${nextOf(privateKey)} has no usable key. ${next.fault}`, {
      remedy: `Delete it (aws ssm delete-parameter --name ${nextOf(privateKey)}; nothing reads it) and start the rotation again.`,
    })
  }
  return { old: current && 'half' in current ? current.half : undefined, waiting: next }
}

/** The proof that the statement was run is a login with the key that waits. */
const isLetIn = async (
  waiting: { readonly key: KeyObject } | undefined,
  { tryLogin, note }: Means,
): Promise<boolean> => {
  if (!waiting) return false
  const answer = await tryLogin(waiting.key)
  note(answer === true ? 'Login with the next key succeeded.' : `Login with the next key failed. ${answer}`)
  return answer === true
}

/** A third key would lose its place, and whoever logs in with it would be refused. */
const refuseOthers = (held: PublicKeys, ours: readonly (PublicHalf | undefined)[], user: string) => {
  const other = Object.entries(held).find(([, shown]) => !ours.some((half) => half?.fingerprint === shown))
  if (!other) return
  throw new CommandFailure(`${quotedUser(user)} has another key as ${other.join(', ')}. Nothing was changed.`, {
    remedy: `If it belongs to an earlier rotation, finish that first: run the same command with --finish. If it is unused, run: ALTER USER ${quotedUser(user)} UNSET ${other[0]};`,
  })
}

/** The old key is kept where it is known, and not made known where it never was. */
const withoutUnknown = (keys: PublicKeys, held: PublicKeys, old: PublicHalf | undefined): PublicKeys => {
  const { RSA_PUBLIC_KEY_2: _, ...next } = keys
  return old && placeOf(held, old.fingerprint) !== undefined ? keys : next
}
