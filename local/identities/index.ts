export { type Credentials, createKeyRing, type KeyRing, type Session } from './key-ring.ts'
export { createParties, type Party } from './parties.ts'
