export { allowsLogin } from './authentication-policy.ts'
export {
  type Catalogue,
  type CatalogueFunction,
  type CatalogueObject,
  createCatalogue,
  findObject,
  fullName,
  snapshotCatalogue,
} from './catalogue.ts'
export {
  describeIntegration,
  describeNetworkRule,
  type Listing,
  showFunctions,
  showIntegrations,
} from './describe-objects.ts'
export { describeFunction } from './function-statements.ts'
export { grantOrRevokeRole, grantOrRevokeUsage, roleOf, showGrantsToRole } from './grants.ts'
export { allowsAddress } from './network-policy.ts'
export type { ObjectDefinitionOf } from './object-definitions.ts'
export {
  alterObject,
  createFunction,
  createObject,
  dropFunction,
  dropObject,
  use,
} from './object-statements.ts'
export { attachPolicy, describePolicy, showNetworkPolicyParameter, showPolicies } from './policies.ts'
export { checkProxyUrl } from './proxy-url.ts'
export { alterIdentity, recordIdentityUse, type UserWorkloadIdentity } from './user-workload-identities.ts'
export { describeUser, type SnowflakeUser, showGrantsToUser, showIdentities, usersOf } from './users.ts'
export { isSamePrincipal, type WorkloadIdentity } from './workload-identity.ts'
