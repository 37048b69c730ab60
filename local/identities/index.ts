export { type Credentials, createKeyRing, type KeyRing, type Session } from './key-ring.ts'
export { createParties, localSnowflakeKey, localSnowflakeUser, type Party } from './parties.ts'
export { createPartyKeys, type PartyKeys } from './party-keys.ts'
