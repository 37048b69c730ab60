import { CommandFailure } from '../command-failure.ts'
import { isMissing, type StatementResult } from '../snowflake-connection/index.ts'

/** Runs one statement in the Snowflake account, as somebody who may alter the user. */
export type RunSql = (statement: string) => Promise<StatementResult>

/** A user has two places for public keys, and logs in with either. https://docs.snowflake.com/en/user-guide/key-pair-auth */
export const places = ['RSA_PUBLIC_KEY', 'RSA_PUBLIC_KEY_2'] as const
export type Place = (typeof places)[number]

/** By place: the fingerprints that Snowflake holds, or the bodies it is to hold. */
export type PublicKeys = Readonly<Partial<Record<Place, string>>>

export const quotedUser = (user: string): string => `"${user.replaceAll('"', '""')}"`

/** One statement for both places: there is no moment in which one is altered and the other is not. */
export const setKeys = (user: string, keys: PublicKeys): string => {
  const settings = places.flatMap((place) => (keys[place] === undefined ? [] : [`${place} = '${keys[place]}'`]))
  return `ALTER USER ${quotedUser(user)} SET ${settings.join(' ')};`
}

export const unsetKey = (user: string, place: Place): string => `ALTER USER ${quotedUser(user)} UNSET ${place};`

export const describeUser = (user: string): string => `DESC USER ${quotedUser(user)};`

/** The fingerprints that DESC USER shows. */
export const publicKeysOf = async (runSql: RunSql, user: string): Promise<PublicKeys> => {
  const { columns, rows } = await runSql(describeUser(user)).catch((error: unknown) => {
    if (!isMissing(error)) throw error
    throw new CommandFailure(error.message, {
      remedy: `Create the user first: CREATE USER ${quotedUser(user)} TYPE = SERVICE; or run the output of snowgate setup sql --part service-user.`,
    })
  })
  const value = columns.findIndex((column) => /^(property_)?value$/i.test(column))
  const shown = new Map(rows.map((row) => [row[0], row[value]]))
  const fingerprints = places.map((place) => [place, shown.get(`${place}_FP`)] as const)
  return Object.fromEntries(fingerprints.filter(([, fingerprint]) => fingerprint?.startsWith('SHA256:')))
}

/** The place of a key, if Snowflake knows it. */
export const placeOf = (keys: PublicKeys, fingerprint: string): Place | undefined =>
  places.find((place) => keys[place] === fingerprint)

/** Alters the user and sees that Snowflake shows the key. */
export const register = async (runSql: RunSql, user: string, keys: PublicKeys, fingerprint: string): Promise<void> => {
  await runSql(setKeys(user, keys))
  if (placeOf(await publicKeysOf(runSql, user), fingerprint) !== undefined) return
  throw new CommandFailure(`DESC USER ${quotedUser(user)} does not show ${fingerprint} after the statement ran.`, {
    remedy: 'The user may have been altered concurrently. Run the command again.',
  })
}
