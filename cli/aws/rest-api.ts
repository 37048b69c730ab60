import {
  APIGatewayClient,
  GetExportCommand,
  GetRestApiCommand,
  GetStageCommand,
  paginateGetResources,
} from '@aws-sdk/client-api-gateway'
import * as z from 'zod'
import { type AwsAccount, callAws, clientConfig, hasErrorName, readDocument } from './aws-client.ts'
import { type PolicyDocument, readPolicy } from './policy-document.ts'

export interface ApiMethod {
  readonly authorizationType: string
  readonly apiKeyRequired: boolean
  /** Milliseconds that the gateway waits for the function. */
  readonly timeoutMs: number
}

/** The API as it was saved last. */
export interface RestApi {
  readonly id: string
  readonly endpointTypes: readonly string[]
  readonly policy: PolicyDocument | undefined
  /** By `POST /hello`. */
  readonly methods: ReadonlyMap<string, ApiMethod>
}

/** The API as its stage serves it. */
export interface DeployedApiStage {
  readonly policy: PolicyDocument | undefined
  /** `POST /hello` → whether it requires a signature. */
  readonly methods: ReadonlyMap<string, boolean>
  /** A web ACL before it. */
  readonly webAcl: string | undefined
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const defaultIntegrationTimeoutMs = 29_000

const client = (account: AwsAccount) => new APIGatewayClient(clientConfig(account))

/** Undefined when there is no API of that id. */
export const getRestApi = async (account: AwsAccount, restApiId: string): Promise<RestApi | undefined> => {
  const apigateway = client(account)
  const api = await callAws(
    `GetRestApi of ${restApiId}`,
    () => apigateway.send(new GetRestApiCommand({ restApiId })),
    hasErrorName('NotFoundException'),
  )
  if (!api) return undefined
  const methods = await callAws(`GetResources of ${restApiId}`, async () => {
    const found = new Map<string, ApiMethod>()
    for await (const { items = [] } of paginateGetResources(
      { client: apigateway },
      { restApiId, embed: ['methods'] },
    )) {
      for (const { path = '', resourceMethods = {} } of items) {
        for (const [method, resourceMethod] of Object.entries(resourceMethods)) {
          const { authorizationType = '', apiKeyRequired = false, methodIntegration } = resourceMethod
          const timeoutMs = methodIntegration?.timeoutInMillis ?? defaultIntegrationTimeoutMs
          found.set(`${method} ${path}`, { authorizationType, apiKeyRequired, timeoutMs })
        }
      }
    }
    return found
  })
  return {
    id: restApiId,
    endpointTypes: api.endpointConfiguration?.types ?? [],
    policy:
      api.policy === undefined
        ? undefined
        : readPolicy(unescapePolicy(api.policy), `the policy of the API ${restApiId}`),
    methods: methods ?? new Map(),
  }
}

/** API Gateway hands a policy out as a text within a text of JSON, without the quotes around it. */
const unescapePolicy = (policy: string): string =>
  policy.startsWith('{\\') ? readDocument(z.string(), `"${policy}"`, 'the policy of the API') : policy

const exportShape = z.object({
  paths: z
    .record(
      z.string(),
      z.record(z.string(), z.object({ security: z.array(z.record(z.string(), z.unknown())).default([]) })),
    )
    .default({}),
  components: z
    .object({
      securitySchemes: z
        .record(z.string(), z.object({ 'x-amazon-apigateway-authtype': z.string().optional() }))
        .default({}),
    })
    .default({ securitySchemes: {} }),
  'x-amazon-apigateway-policy': z.unknown().optional(),
})

/** Undefined when the API has no such stage. The export of a stage is of the version that is deployed to it. */
export const getDeployedApiStage = async (
  account: AwsAccount,
  restApiId: string,
  stageName: string,
): Promise<DeployedApiStage | undefined> => {
  const apigateway = client(account)
  const stage = await callAws(
    `GetStage of ${stageName}`,
    () => apigateway.send(new GetStageCommand({ restApiId, stageName })),
    hasErrorName('NotFoundException'),
  )
  if (!stage) return undefined
  const exported = await callAws(`GetExport of ${stageName}`, () =>
    apigateway.send(
      new GetExportCommand({
        restApiId,
        stageName,
        exportType: 'oas30',
        accepts: 'application/json',
        parameters: { extensions: 'apigateway' },
      }),
    ),
  )
  const body = Buffer.from(exported?.body ?? []).toString()
  const document = readDocument(exportShape, body, `the export of ${stageName}`)
  const { paths, components, 'x-amazon-apigateway-policy': policy } = document
  const signing = new Set(
    Object.entries(components.securitySchemes)
      .filter(([, scheme]) => scheme['x-amazon-apigateway-authtype'] === 'awsSigv4')
      .map(([name]) => name),
  )
  return {
    policy:
      policy === undefined ? undefined : readPolicy(JSON.stringify(policy), `the policy of the stage ${stageName}`),
    methods: new Map(
      Object.entries(paths).flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, { security }]): [string, boolean] => [
          `${method.toUpperCase()} ${path}`,
          security.some((schemes) => Object.keys(schemes).some((name) => signing.has(name))),
        ]),
      ),
    ),
    webAcl: stage.webAclArn,
  }
}
