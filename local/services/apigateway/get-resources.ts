import type { ApiMethod, SavedApi } from '../../deployment/deployed-resources.ts'
import type { RestOperation } from '../../service/rest-json-protocol.ts'
import { unsupported } from '../../service/service-endpoint.ts'
import { resolveRestApi } from './get-rest-apis-and-stages.ts'

/** The paths that were saved last, all on one page. https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html */
export const getResources: RestOperation = {
  name: 'GetResources',
  path: /^\/restapis\/([^/]+)\/resources$/,
  run: (parameters, call) => {
    const { savedApi, location } = resolveRestApi(parameters, call)
    const embed = parameters.query.get('embed')
    if (embed !== null && embed !== 'methods') throw unsupported(`embed=${embed} of GetResources`)
    return { body: { item: resourcesResponse(savedApi, embed === 'methods', location) } }
  },
}

interface RegionAndPartition {
  readonly region: string
  readonly partition: string
}

const resourcesResponse = ({ resources, methods }: SavedApi, withMethods: boolean, location: RegionAndPartition) =>
  resources.map(({ id, path, parentId, pathPart }) => {
    const ownMethods = methods.filter(({ resourcePath }) => resourcePath === path)
    const methodEntries = ownMethods.map((method) => [
      method.httpMethod,
      withMethods ? methodResponse(method, location) : {},
    ])
    return {
      id,
      path,
      parentId,
      pathPart,
      ...(ownMethods.length > 0 && { resourceMethods: Object.fromEntries(methodEntries) }),
    }
  })

const methodResponse = (
  { httpMethod, authorization, apiKeyRequired, functionArn, integrationTimeout, resourceId }: ApiMethod,
  { region, partition }: RegionAndPartition,
) => ({
  httpMethod,
  authorizationType: authorization,
  apiKeyRequired: apiKeyRequired ?? false,
  methodIntegration: {
    type: 'AWS_PROXY',
    httpMethod: 'POST',
    uri: integrationUri(functionArn, { region, partition }),
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutInMillis: integrationTimeout,
    cacheNamespace: resourceId,
    cacheKeyParameters: [],
  },
})

export const integrationUri = (functionArn: string, { region, partition }: RegionAndPartition): string =>
  `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
