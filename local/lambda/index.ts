export { createInvokeApi, type InvokeOutcome } from './invoke-api.ts'
export { createLambdaRunner, FunctionConfigurationError } from './runner.ts'
export type {
  Invocation,
  InvocationResult,
  LambdaFunction,
  LambdaRunner,
  LogEntry,
  RoleCredentials,
} from './types.ts'
