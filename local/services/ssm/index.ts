export { customerKey, type KmsKey, managedKey } from './kms-key.ts'
export { createParameterStore, type ParameterStore, type ParameterType } from './parameter-store.ts'
export { createSsm } from './ssm-endpoint.ts'
