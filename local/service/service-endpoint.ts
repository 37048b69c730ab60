import type { DeployedResources } from '../deployment/deployed-resources.ts'
import type { WireRequest, WireResponse } from '../http.ts'
import { denialSuffix, evaluate, PolicyError, type Principal, requestContextKeys } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { KeyRing } from '../identities/index.ts'
import { decisionSteps, failedSteps, type Journal, type JournalStep } from '../journal.ts'
import { type SignatureRejection, signedRegion, type VerifyingEndpoint, verifySignature } from '../sigv4/index.ts'

/** One permission that an operation needs. */
interface RequiredPermission {
  readonly action: string
  readonly resource: string
  /** The account that the resource is of, where it is not the caller's own. */
  readonly resourceAccount?: string
  /** The resource's name in the rejection; absent: its ARN. */
  readonly resourceInMessage?: string
}

/** What an operation works with, once the signature is verified. */
export interface OperationCall {
  readonly caller: Principal
  readonly location: DeployedResources['location']
  /** What is deployed in the caller's account: nothing, where that is not the service's. */
  readonly deployment: DeployedResources | undefined
  readonly roleIdOf: (arn: string) => string
  /** Evaluates the caller's policies; throws if they deny. */
  readonly authorize: (demand: RequiredPermission) => void
}

/** What a rejected caller receives. */
export interface ServiceRejection {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** Rejects a request: thrown by the failed check, answered and recorded in one place. */
export class OperationRejected {
  readonly rejection: ServiceRejection
  /** For the journal; absent if the steps before contain it. */
  readonly reason?: string
  readonly fix?: string

  constructor(rejection: ServiceRejection, { reason, fix }: { reason?: string; fix?: string } = {}) {
    this.rejection = rejection
    if (reason !== undefined) this.reason = reason
    if (fix !== undefined) this.fix = fix
  }
}

/** A rejection by the local stack only; AWS has none like it. */
export const unsupported = (feature: string): OperationRejected =>
  new OperationRejected(
    { status: 501, code: 'LocalUnsupported', message: `The local stack does not imitate ${feature}.` },
    { reason: `${feature} is not imitated` },
  )

export interface ServiceEndpointDependencies {
  /** What is deployed at the moment of a request. */
  readonly deployment: () => DeployedResources
  readonly keyRing: Pick<KeyRing, 'findKey' | 'roleIdOf'>
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** One parsed request: its operation and how to run it. */
export interface ParsedOperation {
  /** `GetRole`, for the journal. */
  readonly operation: string
  readonly run: (call: OperationCall) => (requestId: string) => WireResponse
}

/** One service of the control plane: how it parses requests and formats rejections. */
export interface AwsService extends Pick<VerifyingEndpoint<Principal>, 'service' | 'clockSkewMinutes'> {
  /**
   * What a signature's scope must name; absent: where the stack is. A service for all regions is signed for with this one at
   * its own endpoint; at another, such as this stack, SDKs sign with the region they were given, which is let pass as well.
   */
  readonly region?: string
  /** Throws OperationRejected for an unknown operation. */
  readonly parse: (request: WireRequest) => ParsedOperation
  readonly accessDenied: string
  readonly reject: (rejection: ServiceRejection, requestId: string) => WireResponse
  readonly rejectSignature: (rejection: SignatureRejection, requestId: string) => WireResponse
}

/** A service's endpoint: verifies the signature, runs the operation, evaluates policies, records the decision. */
export const createServiceEndpoint = (
  service: AwsService,
  { deployment, keyRing, identifiers, journal, now }: ServiceEndpointDependencies,
) => {
  return async (request: WireRequest): Promise<WireResponse> => {
    const requestId = identifiers.uuid()
    const currentDeployment = deployment()
    const { location } = currentDeployment
    const steps: JournalStep[] = []
    const record = (requestLabel: string, status: number, principal?: Principal, fix?: string) =>
      journal.record({
        requestId,
        service: service.service,
        request: requestLabel,
        status,
        steps,
        outcome: status < 400 ? 'allowed' : 'rejected',
        ...(principal && { principal: principal.arn }),
        ...(fix !== undefined && { fix }),
      })

    const region = signedRegion(request) === location.region ? location.region : (service.region ?? location.region)
    const verification = verifySignature(request, {
      service: service.service,
      region,
      clockSkewMinutes: service.clockSkewMinutes,
      now,
      findKey: keyRing.findKey,
    })
    const target = `${request.method} ${request.target.split('?')[0]}`
    if (!verification.verified) {
      const answer = service.rejectSignature(verification.rejection, requestId)
      steps.push(...failedSteps(verification.rejection.check, verification.rejection.explanation))
      record(target, answer.status, undefined, verification.rejection.fix)
      return answer
    }
    const caller = verification.owner
    const authorize = ({
      action,
      resource,
      resourceAccount = caller.accountId,
      resourceInMessage = resource,
    }: RequiredPermission): void => {
      const context = requestContextKeys(request, location.region, now())
      const decision = evaluate({ principal: caller, action, resource, resourceAccount, context })
      steps.push(...decisionSteps(decision))
      if (decision.allowed) return
      const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resourceInMessage}${denialSuffix(decision, action)}`
      throw new OperationRejected({ status: 403, code: service.accessDenied, message }, { fix: decision.fix })
    }
    let requestLabel = target
    try {
      const { operation, run } = service.parse(request)
      requestLabel = operation
      const isOwner = caller.accountId === location.accountId
      const { roleIdOf } = keyRing
      const call = { caller, location, authorize, roleIdOf, deployment: isOwner ? currentDeployment : undefined }
      const answer = run(call)(requestId)
      record(requestLabel, answer.status, caller)
      return answer
    } catch (error) {
      const { rejection, reason, fix } = toRejection(error)
      if (reason !== undefined) steps.push(...failedSteps('operation', [reason]))
      record(requestLabel, rejection.status, caller, fix)
      return service.reject(rejection, requestId)
    }
  }
}

/** Errors that a request can cause; any other error is a bug of the stack. */
const toRejection = (error: unknown): OperationRejected => {
  if (error instanceof OperationRejected) return error
  if (error instanceof PolicyError) return unsupported(`a policy of this request: ${error.message}`)
  throw error
}
