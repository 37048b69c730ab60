import type { ApiMethod, SavedApi } from '../../template/index.ts'
import { unsupported } from '../call.ts'
import type { RestOperation } from '../rest-service.ts'
import { apiAsked } from './api-asked.ts'

/** The paths that were saved last, all on one page. https://docs.aws.amazon.com/apigateway/latest/api/API_GetResources.html */
export const getResources: RestOperation = {
  name: 'GetResources',
  path: /^\/restapis\/([^/]+)\/resources$/,
  carryOut: (parameters, call) => {
    const { savedApi, place } = apiAsked(parameters, call)
    const embed = parameters.query.get('embed')
    if (embed !== null && embed !== 'methods') throw unsupported(`embed=${embed} of GetResources`)
    return { body: { item: resourcesShown(savedApi, embed === 'methods', place) } }
  },
}

interface Place {
  readonly region: string
  readonly partition: string
}

const resourcesShown = ({ resources, methods }: SavedApi, withMethods: boolean, place: Place) =>
  resources.map(({ id, path, parentId, pathPart }) => {
    const own = methods.filter(({ resourcePath }) => resourcePath === path)
    const shown = own.map((method) => [method.httpMethod, withMethods ? methodShown(method, place) : {}])
    return {
      id,
      path,
      parentId,
      pathPart,
      ...(own.length > 0 && { resourceMethods: Object.fromEntries(shown) }),
    }
  })

const methodShown = (
  { httpMethod, authorization, apiKeyRequired, functionArn, integrationTimeout, resourceId }: ApiMethod,
  { region, partition }: Place,
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

export const integrationUri = (functionArn: string, { region, partition }: Place): string =>
  `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
