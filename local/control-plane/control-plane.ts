import type { WireAnswer, WireRequest } from '../http/index.ts'
import { signedService } from '../sigv4/index.ts'
import { cloudformationService } from './cloudformation/index.ts'
import { createDoor, type DoorNeeds } from './door.ts'
import { iamService } from './iam/index.ts'
import { lambdaService } from './lambda/index.ts'

/** Lambda's paths begin with the date of an API version. */
const lambdaPath = /^\/20\d\d-\d\d-\d\d\//

/**
 * The services in which the deployed stack is looked at: nothing can be changed here. Undefined for what is not asked of
 * them.
 */
export const createControlPlane = (needs: DoorNeeds) => {
  const iam = createDoor(iamService(needs.deployment().place.partition), needs)
  const cloudformation = createDoor(cloudformationService, needs)
  const lambda = createDoor(lambdaService, needs)
  return (request: WireRequest): Promise<WireAnswer> | undefined => {
    const path = request.target.split('?')[0] ?? ''
    if (lambdaPath.test(path)) return lambda(request)
    const service = signedService(request)
    if (path !== '/') return undefined
    return service === 'iam' ? iam(request) : service === 'cloudformation' ? cloudformation(request) : undefined
  }
}
