import type { FaultName } from '../../local/faults/index.ts'

/** Faults that the doctor does not name yet, or whose mend does not do as it is printed, and why. */
export const unfinished: ReadonlyMap<FaultName, string> = new Map<FaultName, string>([])
