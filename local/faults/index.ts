export { type Fault, type MapEdit, type MapScene, NothingToBreak, type Scene } from './fault.ts'
export { type FaultName, faults, findFault } from './faults.ts'
export { createFaultInjection, type FaultInjectionDependencies } from './injection.ts'
export { notHere } from './not-here.ts'
