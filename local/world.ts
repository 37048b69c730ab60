import { setTimeout } from 'node:timers/promises'
import type { Around } from './circumstances.ts'
import { createDynamodb } from './dynamodb/index.ts'
import { createIdentifiers } from './identifiers.ts'
import { createKeyRing, createPartyKeys } from './identities/index.ts'
import { createJournal } from './journal.ts'
import { createSnowflakeAccounts } from './snowflake-accounts.ts'
import { createSnowflakeServer } from './snowflake-server/index.ts'
import { createParameterStore, createSsm, managedKey } from './ssm/index.ts'
import { createSts, createTokenIssuers } from './sts/index.ts'
import type { Deployment } from './template/index.ts'

interface Needs {
  readonly seed: string
  readonly place: Deployment['place']
  /** Where the stack listens. */
  readonly url: string
  readonly isApiHost: (host: string) => boolean
  readonly print: (line: string) => void
  readonly now: () => Date
  readonly around: Around
  /** Aborted when the stack stops: a query goes on asking a service that fails for many minutes. */
  readonly ending: AbortSignal
  /** Whether the service's account hands out web identity tokens. */
  readonly outboundFederation: boolean
}

export type World = ReturnType<typeof createWorld>

/** What no deployment changes: the keys, the journal, the parameters, the items of tables, Snowflake with all it holds. */
export const createWorld = ({ seed, place, url, isApiHost, print, now, around, ending, outboundFederation }: Needs) => {
  const identifiers = createIdentifiers(seed)
  const journal = createJournal(print)
  const keyRing = createKeyRing({ identifiers, now })
  const { findKey, findRole } = keyRing
  const neighbours = { place, findKey, identifiers, journal, now }
  const newId = identifiers.uuid
  const issuers = createTokenIssuers()
  const parameters = createParameterStore({
    managedKey: managedKey(place, identifiers.named('alias/aws/ssm').uuid()),
    identifiers,
    now,
  })
  const snowflakeAccounts = createSnowflakeAccounts({ place, url, isApiHost, now, newId, print })
  return {
    place,
    url,
    print,
    now,
    around,
    ending,
    identifiers,
    journal,
    keyRing,
    parameters,
    snowflakeAccounts,
    partyKeys: createPartyKeys({ keyRing, identifiers }),
    /** Remembers what requests, statements and faults change, for the function that is returned to put back. */
    snapshot: () => {
      const restores = [around, keyRing, parameters, snowflakeAccounts].map((holder) => holder.snapshot())
      return () => {
        for (const restore of restores) restore()
      }
    },
    dynamodb: createDynamodb(neighbours),
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
    ssm: createSsm({ store: parameters, ...neighbours }),
    sts: createSts({
      region: place.region,
      findRole,
      keyRing,
      issuers,
      identifiers,
      journal,
      now,
      isFederationEnabled: (account) =>
        account !== place.accountId || (outboundFederation && !around.now().federationDisabled),
    }),
  }
}
