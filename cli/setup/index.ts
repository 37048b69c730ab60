export { type DeployedApi, parseDeployedApi } from './deployed-api.ts'
export { type Part, parts, setupScript } from './setup-script.ts'
