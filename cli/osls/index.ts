export { defaultRegion } from './default-region.ts'
export { packageService, type ServicePackage } from './package-service.ts'
export { runOsls } from './run-osls.ts'
