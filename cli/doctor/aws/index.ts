export type { Account } from './account.ts'
export { type CallerIdentity, callerIdentity } from './caller-identity.ts'
export { type DeployedStack, type DeployedTemplate, deployedStack } from './deployed-stack.ts'
export {
  type FunctionConfiguration,
  functionConfiguration,
  functionPolicy,
  type Invoked,
  invoke,
} from './function.ts'
export { type Parameter, parameter } from './parameter.ts'
export {
  awsPrincipals,
  canonical,
  conditionValues,
  covers,
  coversAction,
  coversResource,
  type PolicyDocument,
  type Statement,
} from './policy-document.ts'
export { type SavedApi, type ServedApi, savedApi, servedApi } from './rest-api.ts'
export { type Role, role } from './role.ts'
export { tokenIssuer } from './token-issuer.ts'
