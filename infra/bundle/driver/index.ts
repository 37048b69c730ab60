export { driverPlugin } from './driver-plugin.ts'
export { excludedModules } from './excluded-modules.ts'
export { lazyPackages } from './lazy-driver-packages.ts'
export { shims } from './shims.ts'
