import type { ApiMethod, DeployedResources } from '../../deployment/deployed-resources.ts'
import { headerValue } from '../../http.ts'
import type { RestOperation } from '../../service/rest-json-protocol.ts'
import { unsupported } from '../../service/service-endpoint.ts'
import { integrationUri } from './get-resources.ts'
import { resolveStage } from './get-rest-apis-and-stages.ts'

/**
 * What the stage serves, as OpenAPI 3.0. That an export is of the deployed version is documented; that its resource policy is
 * that version's follows from it, and that it has one at all was seen.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html
 */
export const getExport: RestOperation = {
  name: 'GetExport',
  path: /^\/restapis\/([^/]+)\/stages\/([^/]+)\/exports\/([^/]+)$/,
  run: (parameters, call) => {
    const deployment = resolveStage(parameters, call)
    const { path, query, request } = parameters
    const [, , exportType] = path
    const unsupportedParameters = [
      ...(exportType === 'oas30' ? [] : [`the export type ${exportType}`]),
      ...(query.get('extensions') === 'apigateway' ? [] : ['exports without extensions=apigateway']),
      ...(headerValue(request, 'accept') === 'application/json' ? [] : ['exports as YAML']),
    ]
    if (unsupportedParameters[0] !== undefined) throw unsupported(unsupportedParameters[0])
    const fileName = `${deployment.savedApi.name}-${deployment.api.stage}-oas30.json`
    return {
      body: exportDocument(deployment),
      headers: { 'Content-Disposition': `attachment; filename="${fileName}"` },
    }
  },
}

const exportDocument = ({ api, savedApi, stack, location }: DeployedResources) => ({
  openapi: '3.0.1',
  info: { title: savedApi.name, version: stack.deployedAt.toISOString() },
  servers: [
    {
      url: `https://${api.id}.execute-api.${location.region}.amazonaws.com/{basePath}`,
      variables: { basePath: { default: `/${api.stage}` } },
    },
  ],
  paths: Object.fromEntries(
    [...Map.groupBy(api.methods, ({ resourcePath }) => resourcePath)].map(([path, methods]) => [
      path,
      Object.fromEntries(
        methods.map((method) => [method.httpMethod.toLowerCase(), openApiOperation(method, location)]),
      ),
    ]),
  ),
  components: {
    securitySchemes: {
      sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    },
  },
  ...(api.resourcePolicy && { 'x-amazon-apigateway-policy': api.resourcePolicy.document }),
})

const openApiOperation = (
  { authorization, functionArn, integrationTimeout }: ApiMethod,
  location: DeployedResources['location'],
) => ({
  ...(authorization === 'AWS_IAM' && { security: [{ sigv4: [] }] }),
  'x-amazon-apigateway-integration': {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: integrationUri(functionArn, location),
    passthroughBehavior: 'when_no_match',
    timeoutInMillis: integrationTimeout,
  },
})
