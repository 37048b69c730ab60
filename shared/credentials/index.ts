export { assumedRole, type Role, type SessionCredentials } from './assumed-role.ts'
export { type KeyPair, type KeySource, keyPair, rereadAfter } from './key-pair.ts'
export { readPrivateKey } from './private-key.ts'
export { type AwsSettings, realSurroundings, type Surroundings } from './surroundings.ts'
