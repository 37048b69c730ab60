export { type Bundle, bundle, deploymentPackage } from './bundle.ts'
