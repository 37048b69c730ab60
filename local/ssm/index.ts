export { createParameterStore, type KmsKey, type ParameterStore, type ParameterType } from './parameter-store.ts'
export { createSsm } from './ssm.ts'
