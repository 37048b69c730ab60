import type { CauseId } from '../../shared/diagnoses/index.ts'
import { callingFaults } from './calling.ts'
import { deploymentFaults } from './deployment.ts'
import { doorFaults } from './doors.ts'
import type { Fault } from './fault.ts'
import { keyPairFaults } from './key-pair.ts'
import { outwardFaults } from './outward.ts'
import { snowflakeCallFaults } from './snowflake-calls.ts'
import { snowflakeLoginFaults } from './snowflake-login.ts'

/** Every cause that a world here can be broken by, and how it is; what cannot be is in `not-here.ts`. */
export const faults = {
  ...callingFaults,
  ...doorFaults,
  ...deploymentFaults,
  ...snowflakeCallFaults,
  ...snowflakeLoginFaults,
  ...keyPairFaults,
  ...outwardFaults,
} as const satisfies Partial<Record<CauseId, Fault>>

export type FaultName = keyof typeof faults

const table: ReadonlyMap<string, Fault> = new Map(Object.entries(faults))

export const findFault = (name: string): Fault | undefined => table.get(name)
