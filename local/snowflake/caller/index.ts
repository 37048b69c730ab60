export { type AssumeRole, type AwsCredentials, createAssumeRole, keepSessions } from './assume-role.ts'
export { type Caller, createCaller } from './caller.ts'
export type { Sleep } from './exchange.ts'
export { httpTransport, type Transport } from './transport.ts'
