import type { RestOperation } from '../rest-service.ts'
import { functionAsked } from './function-asked.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export const getFunctionConfiguration: RestOperation = {
  name: 'GetFunctionConfiguration',
  path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
  carryOut: (parameters, call) => {
    const fn = functionAsked(parameters, call, 'lambda:GetFunctionConfiguration')
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
