import type { CauseId } from '../../shared/diagnoses/index.ts'
import { callerFaults } from './caller-faults.ts'
import { callerRoleFaults } from './caller-role-faults.ts'
import { deploymentFaults } from './deployment-faults.ts'
import type { Fault } from './fault.ts'
import { keyPairFaults } from './key-pair-faults.ts'
import { outboundFaults } from './outbound-faults.ts'
import { snowflakeCallFaults } from './snowflake-call-faults.ts'
import { snowflakeLoginFaults } from './snowflake-login-faults.ts'

/** Every cause that can be injected as a fault, and how. All others are in `unsupported-faults.ts`. */
export const faults = {
  ...callerFaults,
  ...callerRoleFaults,
  ...deploymentFaults,
  ...snowflakeCallFaults,
  ...snowflakeLoginFaults,
  ...keyPairFaults,
  ...outboundFaults,
} as const satisfies Partial<Record<CauseId, Fault>>

export type FaultName = keyof typeof faults

const faultsByName: ReadonlyMap<string, Fault> = new Map(Object.entries(faults))

export const findFault = (name: string): Fault | undefined => faultsByName.get(name)
