import { setTimeout } from 'node:timers/promises'
import type { DeployedResources } from './deployment/deployed-resources.ts'
import type { ActiveFaults } from './faults/index.ts'
import { createIdentifiers } from './identifiers.ts'
import { createIdentityKeys, createKeyRing } from './identities/index.ts'
import { createJournal } from './journal.ts'
import { createDynamodb } from './services/dynamodb/index.ts'
import { createParameterStore, createSsm, managedKey } from './services/ssm/index.ts'
import { createSts, createTokenIssuers } from './services/sts/index.ts'
import { createSnowflakeAccounts } from './snowflake/accounts.ts'
import { createSnowflakeServer } from './snowflake/server/index.ts'

interface StackStateDependencies {
  readonly seed: string
  readonly location: DeployedResources['location']
  /** Where the stack listens. */
  readonly url: string
  readonly isApiHost: (host: string) => boolean
  readonly print: (line: string) => void
  readonly now: () => Date
  readonly activeFaults: ActiveFaults
  /** Aborted when the stack stops: a query retries a failing service for many minutes. */
  readonly shutdownSignal: AbortSignal
  /** Whether the service's account hands out web identity tokens. */
  readonly outboundFederation: boolean
}

export type StackState = ReturnType<typeof createStackState>

/** State that outlives deployments: keys, journal, parameters, items of tables, Snowflake. */
export const createStackState = ({
  seed,
  location,
  url,
  isApiHost,
  print,
  now,
  activeFaults,
  shutdownSignal,
  outboundFederation,
}: StackStateDependencies) => {
  const identifiers = createIdentifiers(seed)
  const journal = createJournal(print)
  const keyRing = createKeyRing({ identifiers, now })
  const { findKey, findRole } = keyRing
  const serviceDependencies = { location, findKey, identifiers, journal, now }
  const newId = identifiers.uuid
  const issuers = createTokenIssuers()
  const parameters = createParameterStore({
    managedKey: managedKey(location, identifiers.named('alias/aws/ssm').uuid()),
    identifiers,
    now,
  })
  const snowflakeAccounts = createSnowflakeAccounts({ location, url, isApiHost, now, newId, print })
  return {
    location,
    url,
    print,
    now,
    activeFaults,
    shutdownSignal,
    identifiers,
    journal,
    keyRing,
    parameters,
    snowflakeAccounts,
    identityKeys: createIdentityKeys({ keyRing, identifiers }),
    /** Saves what requests, statements and faults change; the returned function restores it. */
    snapshot: () => {
      const restores = [activeFaults, keyRing, parameters, snowflakeAccounts].map((holder) => holder.snapshot())
      return () => {
        for (const restore of restores) restore()
      }
    },
    dynamodb: createDynamodb(serviceDependencies),
    snowflake: createSnowflakeServer({
      accounts: () => [...snowflakeAccounts.all().values()],
      findIssuerKeys: issuers.findKeys,
      findKey,
      journal,
      now,
      newId,
      newToken: identifiers.sessionToken,
      sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
    }),
    ssm: createSsm({ store: parameters, ...serviceDependencies }),
    sts: createSts({
      region: location.region,
      findRole,
      keyRing,
      issuers,
      identifiers,
      journal,
      now,
      isFederationEnabled: (account) =>
        account !== location.accountId || (outboundFederation && !activeFaults.state().federationDisabled),
    }),
  }
}
