import { CommandFailure } from '../command-failure.ts'
import { isMissingObject, type StatementResult } from '../snowflake/snowflake-connection.ts'

/** Runs one statement in the Snowflake account, with privileges to alter the user. */
export type RunSql = (statement: string) => Promise<StatementResult>

/** A user has two properties for public keys, and can log in with either key. https://docs.snowflake.com/en/user-guide/key-pair-auth */
export const publicKeyProperties = ['RSA_PUBLIC_KEY', 'RSA_PUBLIC_KEY_2'] as const
export type PublicKeyProperty = (typeof publicKeyProperties)[number]

/** By property: fingerprints as Snowflake shows them, or bodies to set. */
export type PublicKeys = Readonly<Partial<Record<PublicKeyProperty, string>>>

export const quotedUser = (user: string): string => `"${user.replaceAll('"', '""')}"`

/** One statement for both properties, so that the change is atomic. */
export const setKeysSql = (user: string, keys: PublicKeys): string => {
  const settings = publicKeyProperties.flatMap((property) =>
    keys[property] === undefined ? [] : [`${property} = '${keys[property]}'`],
  )
  return `ALTER USER ${quotedUser(user)} SET ${settings.join(' ')};`
}

export const unsetKeySql = (user: string, property: PublicKeyProperty): string =>
  `ALTER USER ${quotedUser(user)} UNSET ${property};`

export const describeUserSql = (user: string): string => `DESC USER ${quotedUser(user)};`

/** The fingerprints that DESC USER shows. */
export const publicKeysOf = async (runSql: RunSql, user: string): Promise<PublicKeys> => {
  const { columns, rows } = await runSql(describeUserSql(user)).catch((error: unknown) => {
    if (!isMissingObject(error)) throw error
    throw new CommandFailure(error.message, {
      remedy: `Create the user first: CREATE USER ${quotedUser(user)} TYPE = SERVICE; or run the output of snowgate setup sql --part service-user.`,
    })
  })
  const value = columns.findIndex((column) => /^(property_)?value$/i.test(column))
  const userProperties = new Map(rows.map((row) => [row[0], row[value]]))
  const fingerprints = publicKeyProperties.map((property) => [property, userProperties.get(`${property}_FP`)] as const)
  return Object.fromEntries(fingerprints.filter(([, fingerprint]) => fingerprint?.startsWith('SHA256:')))
}

/** The property of a key, if it is registered. */
export const propertyOf = (keys: PublicKeys, fingerprint: string): PublicKeyProperty | undefined =>
  publicKeyProperties.find((property) => keys[property] === fingerprint)

/** Alters the user and verifies that Snowflake shows the key. */
export const registerKey = async (
  runSql: RunSql,
  user: string,
  keys: PublicKeys,
  fingerprint: string,
): Promise<void> => {
  await runSql(setKeysSql(user, keys))
  if (propertyOf(await publicKeysOf(runSql, user), fingerprint) !== undefined) return
  throw new CommandFailure(`DESC USER ${quotedUser(user)} does not show ${fingerprint} after the statement ran.`, {
    remedy: 'The user may have been altered concurrently. Run the command again.',
  })
}
