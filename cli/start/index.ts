export { packageService } from './package-service.ts'
export { rehearse } from './rehearsal.ts'
export { type RunningStack, runStack } from './stack-process.ts'
