import { headerValue } from '../../http/index.ts'
import type { ApiMethod, Deployment } from '../../template/index.ts'
import { unsupported } from '../call.ts'
import type { RestOperation } from '../rest-service.ts'
import { stageAsked } from './api-asked.ts'
import { integrationUri } from './get-resources.ts'

/**
 * What the stage serves, as OpenAPI 3.0. That an export is of the deployed version is documented; that its resource policy is
 * that version's follows from it, and that it has one at all was seen.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html
 */
export const getExport: RestOperation = {
  name: 'GetExport',
  path: /^\/restapis\/([^/]+)\/stages\/([^/]+)\/exports\/([^/]+)$/,
  carryOut: (parameters, call) => {
    const deployment = stageAsked(parameters, call)
    const { path, query, request } = parameters
    const [, , exportType] = path
    const asked = [
      ...(exportType === 'oas30' ? [] : [`the export type ${exportType}`]),
      ...(query.get('extensions') === 'apigateway' ? [] : ['exports without extensions=apigateway']),
      ...(headerValue(request, 'accept') === 'application/json' ? [] : ['exports as YAML']),
    ]
    if (asked[0] !== undefined) throw unsupported(asked[0])
    const fileName = `${deployment.savedApi.name}-${deployment.api.stage}-oas30.json`
    return {
      body: exported(deployment),
      headers: { 'Content-Disposition': `attachment; filename="${fileName}"` },
    }
  },
}

const exported = ({ api, savedApi, stack, place }: Deployment) => ({
  openapi: '3.0.1',
  info: { title: savedApi.name, version: stack.deployedAt.toISOString() },
  servers: [
    {
      url: `https://${api.id}.execute-api.${place.region}.amazonaws.com/{basePath}`,
      variables: { basePath: { default: `/${api.stage}` } },
    },
  ],
  paths: Object.fromEntries(
    [...Map.groupBy(api.methods, ({ resourcePath }) => resourcePath)].map(([path, methods]) => [
      path,
      Object.fromEntries(methods.map((method) => [method.httpMethod.toLowerCase(), operation(method, place)])),
    ]),
  ),
  components: {
    securitySchemes: {
      sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    },
  },
  ...(api.resourcePolicy && { 'x-amazon-apigateway-policy': api.resourcePolicy.document }),
})

const operation = ({ authorization, functionArn, integrationTimeout }: ApiMethod, place: Deployment['place']) => ({
  ...(authorization === 'AWS_IAM' && { security: [{ sigv4: [] }] }),
  'x-amazon-apigateway-integration': {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: integrationUri(functionArn, place),
    passthroughBehavior: 'when_no_match',
    timeoutInMillis: integrationTimeout,
  },
})
