import { type FaultName, faults } from '../../local/faults/index.ts'
import { keyPairFaults } from '../../local/faults/key-pair-faults.ts'

/** There is no stack to inject it into. */
export const stoppedFault = 'stack-not-running'

/** Faults for which the login of the map is another than that of the tests' map; they share a map, and so a stack. */
export const tokenFaults: readonly FaultName[] = [
  'web-identity-disabled',
  'web-identity-denied',
  'web-identity-issuer-missing',
  'user-role-not-granted',
]
export const storedKeyFaults = Object.keys(keyPairFaults) as readonly FaultName[]

/** They show when a function has waited for 15 seconds. */
export const unansweredFaults: readonly FaultName[] = ['snowflake-unreachable', 'aws-unreachable']

const others: ReadonlySet<FaultName> = new Set([stoppedFault, ...tokenFaults, ...storedKeyFaults, ...unansweredFaults])

/** All others, which need nothing of the map but what the tests' map has. */
export const plainFaults = (Object.keys(faults) as readonly FaultName[]).filter((name) => !others.has(name))
