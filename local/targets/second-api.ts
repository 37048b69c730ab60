import { z } from 'zod'
import { partitionOf } from '../../shared/access/index.ts'
import { createGateway } from '../gateway/index.ts'
import type { Deployment, RestApi } from '../template/index.ts'
import { withoutCredentials } from './echo.ts'
import { listenFor, type StandIn, type StandInNeeds } from './stand-in.ts'
import { allowedRoutes } from './target.ts'
import { apiId, methodArn } from './target-account.ts'

interface Needs extends StandInNeeds {
  /** Whom the API's own policy admits, by ARN. */
  readonly admits: string
  readonly stage: string
}

/**
 * A REST API of another account behind the same gateway as the service's own: its policy admits one role to the routes the map
 * allows; whoever comes from another account needs that and a policy of their own. What it is sent, it says back.
 */
export const startSecondApi = ({ admits, stage, ...needs }: Needs): Promise<StandIn> => {
  const { target, accountId, findKey, identifiers, journal, now } = needs
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
          Principal: { AWS: admits },
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
  const deployment: Parameters<typeof createGateway>[0]['deployment'] = {
    place: { accountId, region: target.region, partition: partitionOf(target.region) },
    api,
    functions: [echoFunction(functionArn)],
  }
  const gateway = createGateway({
    deployment,
    findKey,
    identifiers,
    journal,
    now,
    invoke: async (_, { payload }) => ({ payload: echoed(payload), logTail: '', durationMs: 0 }),
  })
  return listenFor(gateway, { target, now })
}

/** Never run: the gateway asks its policy. */
const echoFunction = (arn: string): Deployment['functions'][number] => ({
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
const echoed = (payload: string): string => {
  const event = eventShape.parse(JSON.parse(payload))
  const { httpMethod: method, path, body, multiValueQueryStringParameters: query, multiValueHeaders } = event
  const headers = Object.fromEntries(
    Object.entries(multiValueHeaders).map(([name, values]) => [name.toLowerCase(), values]),
  )
  const echo = withoutCredentials({ method, path, query: query ?? {}, headers, body })
  return JSON.stringify({ statusCode: 200, body: JSON.stringify(echo) })
}
