export { startBlackholeServer } from './blackhole-server.ts'
export { readFunctionReference } from './function-reference.ts'
export { createInvokeApi, type InvokeOutcome } from './invoke-api.ts'
export { isInvokePath } from './invoke-request.ts'
export { createLambdaEndpoint } from './lambda-endpoint.ts'
export type {
  Invocation,
  InvocationResult,
  LambdaFunction,
  LambdaRunner,
  LogEntry,
  RoleCredentials,
} from './lambda-function.ts'
export { createLambdaRunner, FunctionConfigurationError } from './lambda-runner.ts'
export { lambdaService } from './lambda-service.ts'
