export { type DeployedApi, parseDeployedApi } from './deployed-api.ts'
export { identityOf, serviceUserScript } from './service-user.ts'
export { setupScript, type Way, ways } from './setup-script.ts'
export { parseIssuer } from './token-issuer.ts'
