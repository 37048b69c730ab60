export { admitsLogin } from './authentication-policy.ts'
export {
  type Catalogue,
  createCatalogue,
  findObject,
  fullName,
  type HeldFunction,
  type HeldObject,
  snapshotCatalogue,
} from './catalogue.ts'
export type { DefinitionOf } from './definition.ts'
export { describeIntegration, describeNetworkRule, type Listing, showFunctions, showIntegrations } from './describe.ts'
export { describeFunction } from './describe-function.ts'
export { alterIdentity, type HeldIdentity, markUsed } from './held-identities.ts'
export { admitsAddress } from './network-policy.ts'
export { attachPolicy } from './policies.ts'
export { grantOrRevokeUsage, showGrantsToRole } from './privileges.ts'
export { checkUrl } from './proxy-url.ts'
export { grantOrRevokeRole, roleOf } from './roles.ts'
export { describePolicy, showNetworkPolicyParameter, showPolicies } from './show-policies.ts'
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
