export { readFunctionReference } from './function-reference.ts'
export { createInvokeApi, type InvokeOutcome } from './invoke-api.ts'
export { isInvokePath } from './invoke-request.ts'
export { createLambdaRunner, FunctionConfigurationError } from './runner.ts'
export type {
  Invocation,
  InvocationResult,
  LambdaFunction,
  LambdaRunner,
  LogEntry,
  RoleCredentials,
} from './types.ts'
