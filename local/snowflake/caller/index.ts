export { type AssumeRole, type AwsCredentials, cacheAssumedRoles, createAssumeRole } from './assume-role.ts'
export type { Sleep } from './batch-exchange.ts'
export { type CallExternalFunction, createExternalFunctionCaller } from './external-function-caller.ts'
export { httpTransport, type Transport } from './http-transport.ts'
