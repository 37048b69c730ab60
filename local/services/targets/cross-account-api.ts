import { z } from 'zod'
import { partitionOf } from '../../../shared/access/index.ts'
import type { DeployedResources, RestApi } from '../../deployment/deployed-resources.ts'
import { createExecuteApi } from '../apigateway/index.ts'
import { allowedRoutes, apiId, methodArn } from './access-map-target.ts'
import { withoutCredentials } from './signed-echo.ts'
import { listenForTarget, type TargetServer, type TargetServerDependencies } from './target-server.ts'

interface CrossAccountApiDependencies extends TargetServerDependencies {
  /** Whom the API's own policy admits, by ARN. */
  readonly trustedRoleArn: string
  readonly stage: string
}

/**
 * A REST API of another account behind the same gateway as the service's own: its policy admits one role to the routes the map
 * allows; a caller of another account also needs a policy of its own. It echoes the request.
 */
export const startCrossAccountApi = ({
  trustedRoleArn,
  stage,
  ...dependencies
}: CrossAccountApiDependencies): Promise<TargetServer> => {
  const { target, accountId, findKey, identifiers, journal, now } = dependencies
  const functionArn = `arn:${partitionOf(target.region)}:lambda:${target.region}:${accountId}:function:echo`
  const api: RestApi = {
    id: apiId(target),
    stage,
    deploymentId: identifiers.short(6),
    binaryMediaTypes: [],
    resourcePolicy: {
      name: `resource policy of the API of ${target.name}`,
      document: {
        Version: '2012-10-17',
        Statement: allowedRoutes(target).map((route) => ({
          Effect: 'Allow',
          Principal: { AWS: trustedRoleArn },
          Action: 'execute-api:Invoke',
          Resource: methodArn(target, accountId, route),
        })),
      },
    },
    methods: ['/', '/{proxy+}'].map((resourcePath) => ({
      httpMethod: 'ANY',
      resourcePath,
      functionArn,
      resourceId: identifiers.short(6),
      authorization: 'AWS_IAM',
      integrationTimeout: 29_000,
    })),
  }
  const deployment: Parameters<typeof createExecuteApi>[0]['deployment'] = {
    location: { accountId, region: target.region, partition: partitionOf(target.region) },
    api,
    functions: [echoFunction(functionArn)],
  }
  const gateway = createExecuteApi({
    deployment,
    findKey,
    identifiers,
    journal,
    now,
    invoke: async (_, { payload }) => ({ payload: echoResponse(payload), logTail: '', durationMs: 0 }),
  })
  return listenForTarget(gateway, { target, now })
}

/** Never run: the gateway asks its policy. */
const echoFunction = (arn: string): DeployedResources['functions'][number] => ({
  name: 'echo',
  arn,
  handler: '',
  runtime: '',
  memorySize: 0,
  timeout: 0,
  environment: {},
  roleArn: '',
  packageFile: '',
  resourcePolicy: {
    name: 'policy of the function echo',
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'apigateway.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: arn,
        },
      ],
    },
  },
})

const eventShape = z.object({
  httpMethod: z.string(),
  path: z.string(),
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).nullable(),
  multiValueHeaders: z.record(z.string(), z.array(z.string())),
  body: z.string().nullable(),
})

/** A proxy event's request, as a proxy answer. */
const echoResponse = (payload: string): string => {
  const event = eventShape.parse(JSON.parse(payload))
  const { httpMethod: method, path, body, multiValueQueryStringParameters: query, multiValueHeaders } = event
  const headers = Object.fromEntries(
    Object.entries(multiValueHeaders).map(([name, values]) => [name.toLowerCase(), values]),
  )
  const echo = withoutCredentials({ method, path, query: query ?? {}, headers, body })
  return JSON.stringify({ statusCode: 200, body: JSON.stringify(echo) })
}
