export { assumedRole, type Role, type SessionCredentials } from './assumed-role.ts'
export { type KeyPair, type KeySource, keyPair } from './key-pair.ts'
export { type AwsSettings, realSurroundings, type Surroundings } from './surroundings.ts'
