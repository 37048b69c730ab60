import type { WireAnswer, WireRequest } from '../http/index.ts'
import { signedService } from '../sigv4/index.ts'
import { apigatewayService } from './apigateway/index.ts'
import { cloudformationService } from './cloudformation/index.ts'
import { createDoor, type DoorNeeds } from './door.ts'
import { iamService } from './iam/index.ts'
import { lambdaService } from './lambda/index.ts'

/** The collections at the root of API Gateway. https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html */
const apigatewayPath =
  /^\/(account|apikeys|clientcertificates|domainnameaccessassociations|domainnames|restapis|sdktypes|tags|usageplans|vpclinks)(\/|$)/

/** Lambda's paths begin with the date of an API version. */
const lambdaPath = /^\/20\d\d-\d\d-\d\d\//

/**
 * The services in which the deployed stack is looked at: nothing can be changed here. Undefined for what is not asked of
 * them; a request that only pretends to be signed for API Gateway's own service is the REST API's to refuse.
 */
export const createControlPlane = (needs: DoorNeeds) => {
  const iam = createDoor(iamService(needs.deployment().place.partition), needs)
  const cloudformation = createDoor(cloudformationService, needs)
  const apigateway = createDoor(apigatewayService, needs)
  const lambda = createDoor(lambdaService, needs)
  return (request: WireRequest): Promise<WireAnswer> | undefined => {
    const path = request.target.split('?')[0] ?? ''
    if (lambdaPath.test(path)) return lambda(request)
    const service = signedService(request)
    if (service === 'apigateway' && apigatewayPath.test(path)) return apigateway(request)
    if (path !== '/') return undefined
    return service === 'iam' ? iam(request) : service === 'cloudformation' ? cloudformation(request) : undefined
  }
}
