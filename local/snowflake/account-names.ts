/** What an account is called, all in upper case. https://docs.snowflake.com/en/user-guide/admin-account-identifier */
export interface AccountNames {
  /** As CURRENT_ACCOUNT shows it. */
  readonly locator: string
  readonly organization: string
  readonly name: string
  /** Every name that a login may give it. */
  readonly all: readonly string[]
}

/** Of every account here, unless the map knows another. */
export const accountLocator = 'ABC12345'

/**
 * The names of the account behind a caller. The identifier is that of the stage's own login, for the one account that it
 * stands for: `myorg-my_account`, or a locator, `xy12345.eu-central-1`, of which a driver sends what stands before the dot.
 */
export const accountNames = (caller: string, identifier?: string): AccountNames => {
  const [first = ''] = identifier?.toUpperCase().split('.') ?? []
  const [, organization = 'LOCAL', name = caller.toUpperCase()] = /^([^-]+)-(.+)$/.exec(first) ?? []
  const isLocator = first !== '' && !first.includes('-')
  // Host names have no underscores: a driver configured with the host alone sends its first label.
  const spellings = first === '' ? [] : [first, first.replaceAll('_', '-')]
  return {
    locator: isLocator ? first : accountLocator,
    organization,
    name,
    all: [...new Set([accountLocator, caller.toUpperCase(), `${organization}-${name}`, ...spellings])],
  }
}
