export {
  type Catalogue,
  createCatalogue,
  findObject,
  fullName,
  type HeldFunction,
  type HeldObject,
} from './catalogue.ts'
export type { DefinitionOf } from './definition.ts'
export { describeIntegration, type Listing, showFunctions, showIntegrations } from './describe.ts'
export { alterIdentity, type HeldIdentity, markUsed } from './held-identities.ts'
export { checkUrl } from './proxy-url.ts'
export { grantOrRevokeRole } from './roles.ts'
export {
  alterObject,
  createFunction,
  createObject,
  dropFunction,
  dropObject,
  use,
} from './statements.ts'
export { describeUser, type SnowflakeUser, showGrantsToUser, showIdentities, usersOf } from './users.ts'
export { isSame, type WorkloadIdentity } from './workload-identity.ts'
