export { type Bundle, bundle, deploymentPackage, writeBundles } from './bundle.ts'
export { type Derived, derive } from './derived.ts'
