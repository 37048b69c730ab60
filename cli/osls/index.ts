export { defaultRegion } from './default-region.ts'
export { type PackageOptions, packageForAws, packageService, type ServicePackage } from './package-service.ts'
export { runOsls } from './run-osls.ts'
