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
export { checkUrl } from './proxy-url.ts'
export {
  alterObject,
  createFunction,
  createObject,
  dropFunction,
  dropObject,
  grantRole,
  use,
} from './statements.ts'
export { describeUser, isSame, type SnowflakeUser, usersOf } from './users.ts'
export type { WorkloadIdentity } from './workload-identity.ts'
