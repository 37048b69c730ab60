import type { WireRequest, WireResponse } from './http.ts'
import { isQueryRequest } from './service/query-protocol.ts'
import { createServiceEndpoint, type ServiceEndpointDependencies } from './service/service-endpoint.ts'
import { apigatewayService } from './services/apigateway/index.ts'
import { cloudformationService } from './services/cloudformation/cloudformation-service.ts'
import { iamService } from './services/iam/iam-service.ts'
import { isInvokePath, lambdaService } from './services/lambda/index.ts'
import { signedService } from './sigv4/index.ts'
import { isSnowflakePath } from './snowflake/server/index.ts'
import { stackApiPrefix } from './stack-api/stack-api.ts'

/** The collections at the root of API Gateway. https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html */
const apigatewayPath =
  /^\/(account|apikeys|clientcertificates|domainnameaccessassociations|domainnames|restapis|sdktypes|tags|usageplans|vpclinks)(\/|$)/

/** Lambda's paths begin with the date of an API version. */
const lambdaPath = /^\/20\d\d-\d\d-\d\d\//

/**
 * The services in which the deployed stack is looked at: nothing can be changed here. Undefined for what is not asked of
 * them; a request that only pretends to be signed for API Gateway's own service is the REST API's to refuse.
 */
export const createControlPlane = (dependencies: ServiceEndpointDependencies) => {
  const iam = createServiceEndpoint(iamService(dependencies.deployment().location.partition), dependencies)
  const cloudformation = createServiceEndpoint(cloudformationService, dependencies)
  const apigateway = createServiceEndpoint(apigatewayService, dependencies)
  const lambda = createServiceEndpoint(lambdaService, dependencies)
  return (request: WireRequest): Promise<WireResponse> | undefined => {
    const path = request.target.split('?')[0] ?? ''
    if (lambdaPath.test(path)) return lambda(request)
    const service = signedService(request)
    if (service === 'apigateway' && apigatewayPath.test(path)) return apigateway(request)
    if (path !== '/') return undefined
    return service === 'iam' ? iam(request) : service === 'cloudformation' ? cloudformation(request) : undefined
  }
}

interface RouterDependencies {
  readonly stackApi: (request: WireRequest) => Promise<WireResponse>
  readonly gateway: (request: WireRequest) => Promise<WireResponse>
  readonly sts: (request: WireRequest) => Promise<WireResponse>
  readonly snowflake: (request: WireRequest) => Promise<WireResponse>
  readonly ssm: (request: WireRequest) => Promise<WireResponse>
  readonly dynamodb: (request: WireRequest) => Promise<WireResponse>
  readonly lambda: (request: WireRequest) => Promise<WireResponse>
  /** Undefined for what is not asked of it. */
  readonly controlPlane: (request: WireRequest) => Promise<WireResponse> | undefined
}

/**
 * Tells the services apart on one port. What `AWS_ENDPOINT_URL` brings here has the path `/`, Lambda's or API Gateway's, and a
 * scope that names the service; everything else is the REST API's, whatever it was signed for: a wrong service must be refused there.
 */
export const createRouter =
  ({ stackApi, gateway, sts, snowflake, ssm, dynamodb, lambda, controlPlane }: RouterDependencies) =>
  async (request: WireRequest): Promise<WireResponse> => {
    const path = request.target.split('?')[0] ?? ''
    if (path.startsWith(stackApiPrefix)) return stackApi(request)
    if (isInvokePath(path)) return lambda(request)
    const controlPlaneResponse = controlPlane(request)
    if (controlPlaneResponse) return controlPlaneResponse
    if (isSnowflakePath(path)) return snowflake(request)
    if (path !== '/') return gateway(request)
    const service = signedService(request)
    if (service === 'execute-api') return gateway(request)
    if (service === 'ssm') return ssm(request)
    if (service === 'dynamodb') return dynamodb(request)
    if (service === 'sts' || (service === undefined && isQueryRequest(request))) return sts(request)
    return service === undefined ? gateway(request) : unsupportedService(service)
  }

const unsupportedService = (service: string): WireResponse => ({
  status: 501,
  headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': 'LocalUnsupported' },
  body: JSON.stringify({
    __type: 'LocalUnsupported',
    message: `The local stack does not imitate ${service}. It has execute-api, sts, ssm, dynamodb and lambda, and to look at what is deployed iam, cloudformation and apigateway.`,
  }),
})
