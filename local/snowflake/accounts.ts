import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { SnowflakeCaller, Stage } from '../../shared/access/index.ts'
import type { Principal } from '../iam/index.ts'
import { type LocalIdentity, localSnowflakeUser } from '../identities/index.ts'
import type { AccessKey } from '../sigv4/index.ts'
import { accountLocator, accountNames } from './account-names.ts'
import { httpTransport } from './caller/index.ts'
import { createRunUdf } from './python/run-udf.ts'
import { createSnowflakeEngine, type SnowflakeEngine, type SnowflakeSession } from './snowflake-engine.ts'

/** The Snowflake account behind a caller of the map, or behind the service's own login. */
export interface SnowflakeAccount {
  /** What a driver may call it: the locator, which the first account has, its caller's name, the map's identifier. */
  readonly names: readonly string[]
  readonly engine: SnowflakeEngine
  /** The same id gives the same session. */
  readonly session: (id: string) => SnowflakeSession
  /** Remembers what the account holds, for the function that is returned to put back. */
  readonly snapshot: () => () => void
}

interface SnowflakeAccountsDependencies {
  readonly location: { readonly region: string; readonly partition: string }
  /** Where the stack listens. */
  readonly url: string
  /** Whether a host, as the SQL names it, is that of the API that is deployed. */
  readonly isApiHost: (host: string) => boolean
  readonly now: () => Date
  readonly newId: () => string
  readonly print: (line: string) => void
}

const maxSessions = 100

/** By the name of the caller. */
export interface SnowflakeAccounts {
  readonly all: () => ReadonlyMap<string, SnowflakeAccount>
  readonly iamUserArn: (caller: string) => string | undefined
  /**
   * Opens an account for each Snowflake caller of the stage that has none yet; it calls as that party, with its keys. The first
   * is the one that the stage's own login means, and a login without any caller has an account all the same. Accounts stay
   * with their names and all they hold, as those of Snowflake do whatever is deployed, and assume their roles anew.
   */
  readonly openAccounts: (
    stage: Stage,
    identities: readonly LocalIdentity[],
    loginOnlyKey: () => AccessKey<Principal>,
  ) => void
  /** Remembers the accounts and what they hold, for the function that is returned to put back. */
  readonly snapshot: () => () => void
}

export const createSnowflakeAccounts = (dependencies: SnowflakeAccountsDependencies): SnowflakeAccounts => {
  const accounts = new Map<string, SnowflakeAccount>()
  const openAccount = (
    name: string,
    caller: SnowflakeCaller,
    key: AccessKey<Principal>,
    identifier: string | undefined,
  ) => {
    if (accounts.has(name)) return
    const loginIdentifier = accounts.size === 0 ? identifier : undefined
    accounts.set(name, createAccount({ name, caller, key, identifier: loginIdentifier }, dependencies))
  }
  return {
    all: () => accounts,
    iamUserArn: (caller) => accounts.get(caller)?.engine.iamUserArn,
    openAccounts: ({ callers, snowflake: login }, identities, loginOnlyKey) => {
      for (const { engine: snowflake } of accounts.values()) snowflake.invalidateAssumedRoles()
      for (const [name, caller] of callers) {
        const identity = identities.find((one) => one.name === name)
        if (caller.kind === 'snowflake' && identity) openAccount(name, caller, identity.key, login?.account)
      }
      if (accounts.size === 0 && login) openAccount(login.account, loginOnlyCaller, loginOnlyKey(), login.account)
    },
    snapshot: () => {
      const before = new Map([...accounts].map(([name, { snapshot }]) => [name, snapshot()]))
      return () => {
        for (const name of accounts.keys()) if (!before.has(name)) accounts.delete(name)
        for (const restore of before.values()) restore()
      }
    },
  }
}

const loginOnlyCaller: SnowflakeCaller = { kind: 'snowflake', externalIds: [], routes: [] }

interface NewAccount {
  readonly name: string
  readonly caller: SnowflakeCaller
  readonly key: AccessKey<Principal>
  readonly identifier: string | undefined
}

const createAccount = (
  { name, caller, key, identifier }: NewAccount,
  { location, url, isApiHost, now, newId, print }: SnowflakeAccountsDependencies,
): SnowflakeAccount => {
  const names = accountNames(name, identifier)
  const externalIds = createExternalIds(caller, location.partition)
  const snowflake = createSnowflakeEngine({
    account: names.locator,
    organizationName: names.organization,
    accountName: names.name,
    region: location.region,
    iamUser: { arn: key.owner.arn, credentials: key },
    newExternalId: externalIds.next,
    sts: { endpoint: url, region: location.region },
    transport: httpTransport,
    resolveApiUrl: (apiUrl) => (isApiHost(apiUrl.host) ? new URL(apiUrl.pathname, url) : undefined),
    now,
    sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
    runUdf: createRunUdf({ url, isApiHost }),
    newId,
    print: (line) => print(`    snowflake | ${line}`),
  })
  const sessions = new Map<string, SnowflakeSession>()
  return {
    names: names.all,
    engine: snowflake,
    session: (id) => {
      const session = sessions.get(id) ?? snowflake.openSession({ user: 'LOCAL', role: 'ACCOUNTADMIN' })
      sessions.set(id, session)
      const [oldest] = sessions.keys()
      if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest)
      return session
    },
    snapshot: () => {
      const restores = [snowflake.snapshot(), externalIds.snapshot()]
      return () => {
        for (const restore of restores) restore()
      }
    },
  }
}

/**
 * Snowflake chooses an external id for each integration, and another when it is created again. The local account makes it of
 * the name and the count, so that what stands in the map after step two is still right when the stack has started again. A
 * map that names another account's IAM user has the stack play that account: its integrations get the ids of the map, in
 * the order in which they are created.
 */
const createExternalIds = ({ iamUserArn, externalIds }: SnowflakeCaller, partition: string) => {
  const known = iamUserArn === undefined || iamUserArn === localSnowflakeUser(partition) ? [] : externalIds
  /** The names of the integrations, in the order in which they were created. */
  let creations: readonly string[] = []
  return {
    next: (integration: string): string => {
      creations = [...creations, integration]
      const count = creations.filter((name) => name === integration).length
      const digest = createHash('sha256').update(integration).digest('base64').slice(0, 27)
      return known[creations.length - 1] ?? `${accountLocator}_SFCRole=${count}_${digest}=`
    },
    snapshot: () => {
      const before = creations
      return () => {
        creations = before
      }
    },
  }
}

/** A function's variables, with the local Snowflake in place of the account's host. */
export const withLocalSnowflake = (
  variables: Readonly<Record<string, string>>,
  url: string,
): Readonly<Record<string, string>> =>
  variables['SNOWFLAKE_URL'] === undefined
    ? variables
    : {
        ...variables,
        SNOWFLAKE_URL: url,
        // The driver shows its identity to hosts of Snowflake alone, unless configured otherwise.
        SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
        NO_PROXY: '127.0.0.1',
      }
