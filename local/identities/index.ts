export { createIdentityKeys, type IdentityKeys } from './identity-keys.ts'
export { impersonatedRoles } from './impersonated-roles.ts'
export { createKeyRing, type KeyRing, type RoleSession, type SessionCredentials } from './key-ring.ts'
export { createIdentities, type LocalIdentity, localSnowflakeKey, localSnowflakeUser } from './local-identities.ts'
