import { restService } from '../rest-service.ts'
import { getFunctionConfiguration } from './get-function-configuration.ts'
import { getPolicy } from './get-policy.ts'

/** Lambda but for Invoke, which `local/lambda` has. */
export const lambdaService = restService({
  service: 'lambda',
  title: 'Lambda',
  operations: [getFunctionConfiguration, getPolicy],
  // Parameters are validated before the operation, by another layer of Lambda with another form of body.
  bodyOf: ({ code, message }) => (code === 'ValidationException' ? { message } : { Message: message, Type: 'User' }),
})
