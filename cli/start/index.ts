export { rehearse, rehearseTargets } from './rehearsal.ts'
export { type RunningStack, runStack } from './stack-process.ts'
