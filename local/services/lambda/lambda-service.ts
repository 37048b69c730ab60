import type { FunctionResource } from '../../deployment/deployed-resources.ts'
import { type RestOperation, type RestParameters, restService } from '../../service/rest-json-protocol.ts'
import { type OperationCall, OperationRejected, unsupported } from '../../service/service-endpoint.ts'
import { readFunctionReference } from './function-reference.ts'

/** The function that a path names, by name or ARN, for a caller who may know it. */
const resolveFunction = ({ path, query }: RestParameters, call: OperationCall, action: string): FunctionResource => {
  const { location, deployment, caller, authorize } = call
  const [functionName = ''] = path
  const parsed = readFunctionReference(functionName, query.get('Qualifier') ?? undefined)
  if ('violations' in parsed) {
    const { violations } = parsed
    const message = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: ${violations.join('; ')}`
    throw new OperationRejected({ status: 400, code: 'ValidationException', message }, { reason: message })
  }
  const { reference } = parsed
  if (reference.qualifier !== undefined || query.has('Qualifier'))
    throw unsupported(`versions and aliases for ${action}`)
  const { partition = location.partition, region = location.region, accountId = caller.accountId, name } = reference
  const arn = `arn:${partition}:lambda:${region}:${accountId}:function:${name}`
  authorize({ action, resource: arn, resourceAccount: accountId })
  const functionResource = deployment?.functions.find((fn) => fn.arn === arn)
  // Recorded by github.com/localstack/localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json
  if (!functionResource) throw notFound(`Function not found: ${arn}`)
  return functionResource
}

const notFound = (message: string): OperationRejected =>
  new OperationRejected({ status: 404, code: 'ResourceNotFoundException', message }, { reason: message })

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
const getFunctionConfiguration: RestOperation = {
  name: 'GetFunctionConfiguration',
  path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
  run: (parameters, call) => {
    const fn = resolveFunction(parameters, call, 'lambda:GetFunctionConfiguration')
    return {
      body: {
        FunctionName: fn.name,
        FunctionArn: fn.arn,
        Runtime: fn.runtime,
        Role: fn.roleArn,
        Handler: fn.handler,
        Timeout: fn.timeout,
        MemorySize: fn.memorySize,
        // 2026-01-15T10:11:12.000+0000
        LastModified: call.deployment?.stack.deployedAt.toISOString().replace('Z', '+0000'),
        Version: '$LATEST',
        ...(Object.keys(fn.environment).length > 0 && { Environment: { Variables: fn.environment } }),
        State: 'Active',
        LastUpdateStatus: 'Successful',
        PackageType: 'Zip',
      },
    }
  },
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
const getPolicy: RestOperation = {
  name: 'GetPolicy',
  path: /^\/2015-03-31\/functions\/([^/]+)\/policy$/,
  run: (parameters, call) => {
    const { resourcePolicy } = resolveFunction(parameters, call, 'lambda:GetPolicy')
    // O: github.com/aws/serverless-application-model/issues/307
    if (!resourcePolicy) throw notFound('The resource you requested does not exist.')
    return { body: { Policy: JSON.stringify(resourcePolicy.document) } }
  },
}

/** Lambda but for Invoke, which `local/lambda` has. */
export const lambdaService = restService({
  service: 'lambda',
  displayName: 'Lambda',
  operations: [getFunctionConfiguration, getPolicy],
  // Parameters are validated before the operation, by another layer of Lambda with another form of body.
  rejectionBody: ({ code, message }) =>
    code === 'ValidationException' ? { message } : { Message: message, Type: 'User' },
})
