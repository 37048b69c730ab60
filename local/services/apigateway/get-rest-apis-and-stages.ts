import type { DeployedResources } from '../../deployment/deployed-resources.ts'
import type { RestOperation, RestParameters } from '../../service/rest-json-protocol.ts'
import { type OperationCall, OperationRejected } from '../../service/service-endpoint.ts'

/**
 * What is deployed, where the path names its API, for a caller who may read below it. The resource is the path itself.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 */
export const resolveRestApi = (parameters: RestParameters, call: OperationCall): DeployedResources => {
  authorizePath(parameters, call)
  const [id] = parameters.path
  const { deployment } = call
  // O: github.com/Miserlou/Zappa/issues/1892
  if (deployment?.api.id !== id || !deployment) throw notFound('Invalid API identifier specified')
  return deployment
}

const authorizePath = ({ request }: RestParameters, { location, authorize }: OperationCall): void => {
  const [path = ''] = request.target.split('?')
  authorize({ action: 'apigateway:GET', resource: `arn:${location.partition}:apigateway:${location.region}::${path}` })
}

/** The second place of the path, which has to name the one stage there is. */
export const resolveStage = (parameters: RestParameters, call: OperationCall): DeployedResources => {
  const deployment = resolveRestApi(parameters, call)
  // O: github.com/awslabs/aws-api-gateway-developer-portal/issues/310
  if (deployment.api.stage !== parameters.path[1]) throw notFound('Invalid stage identifier specified')
  return deployment
}

const notFound = (message: string): OperationRejected =>
  new OperationRejected({ status: 404, code: 'NotFoundException', message }, { reason: message })

/** Times are seconds since 1970. */
const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1_000)

/** As API Gateway shows an API: what was saved last, which its stage need not serve yet. */
const restApiResponse = ({ api, savedApi, stack }: DeployedResources) => {
  const { name, endpointType, resources, binaryMediaTypes, resourcePolicy } = savedApi
  return {
    id: api.id,
    name,
    createdDate: epochSeconds(stack.deployedAt),
    ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: [endpointType] },
    ...(resourcePolicy && { policy: escapedDocument(resourcePolicy.document) }),
    disableExecuteApiEndpoint: false,
    rootResourceId: resources[0]?.id,
  }
}

/**
 * The policy is a text whose quotes and slashes have backslashes of their own, as within a text of JSON.
 * O: github.com/hashicorp/terraform-provider-aws/issues/4397, github.com/localstack/localstack/issues/3325
 */
const escapedDocument = (document: unknown): string => JSON.stringify(document).replace(/["\\/]/g, '\\$&')

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApi.html */
export const getRestApi: RestOperation = {
  name: 'GetRestApi',
  path: /^\/restapis\/([^/]+)$/,
  run: (parameters, call) => ({ body: restApiResponse(resolveRestApi(parameters, call)) }),
}

/** All on one page. https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html */
export const getRestApis: RestOperation = {
  name: 'GetRestApis',
  path: /^\/restapis$/,
  run: (parameters, call) => {
    authorizePath(parameters, call)
    return { body: { item: call.deployment ? [restApiResponse(call.deployment)] : [] } }
  },
}

const stageResponse = ({ api, stack }: DeployedResources) => ({
  deploymentId: api.deploymentId,
  stageName: api.stage,
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {},
  tracingEnabled: false,
  createdDate: epochSeconds(stack.deployedAt),
  lastUpdatedDate: epochSeconds(stack.deployedAt),
})

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetStage.html */
export const getStage: RestOperation = {
  name: 'GetStage',
  path: /^\/restapis\/([^/]+)\/stages\/([^/]+)$/,
  run: (parameters, call) => ({ body: stageResponse(resolveStage(parameters, call)) }),
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetStages.html */
export const getStages: RestOperation = {
  name: 'GetStages',
  path: /^\/restapis\/([^/]+)\/stages$/,
  run: (parameters, call) => ({ body: { item: [stageResponse(resolveRestApi(parameters, call))] } }),
}
