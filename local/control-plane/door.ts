import type { WireAnswer, WireRequest } from '../http/index.ts'
import { denialSuffix, evaluate, PolicyError, type Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { KeyRing } from '../identities/index.ts'
import { decisionSteps, failedSteps, type Journal, type JournalStep } from '../journal.ts'
import { requestContextKeys } from '../request-context.ts'
import { type SignatureRefusal, signedRegion, type VerifyingEndpoint, verify } from '../sigv4/index.ts'
import type { Deployment } from '../template/index.ts'
import { type Call, type Demand, type Refusal, Refused, unsupported } from './call.ts'

export interface DoorNeeds {
  /** What is deployed at the moment of a request. */
  readonly deployment: () => Deployment
  readonly keyRing: Pick<KeyRing, 'findKey' | 'roleIdOf'>
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** One request understood: what it asks for, and how to answer it. */
export interface Order {
  /** `GetRole`, for the journal. */
  readonly operation: string
  readonly carryOut: (call: Call) => (requestId: string) => WireAnswer
}

/** One service of the control plane: how it reads requests, and in which form and words it refuses. */
export interface Service extends Pick<VerifyingEndpoint<Principal>, 'service' | 'clockSkewMinutes'> {
  /**
   * What a signature's scope must name; absent: where the stack is. A service for all regions is signed for with this one at
   * its own endpoint; at another, such as this stack, SDKs sign with the region they were given, which is let pass as well.
   */
  readonly region?: string
  /** Throws Refused when it understands none. */
  readonly read: (request: WireRequest) => Order
  readonly accessDenied: string
  readonly refuse: (refusal: Refusal, requestId: string) => WireAnswer
  readonly refuseSignature: (refusal: SignatureRefusal, requestId: string) => WireAnswer
}

/** A service's endpoint: the signature, the operation, the policies it asks, the journal. */
export const createDoor = (service: Service, { deployment, keyRing, identifiers, journal, now }: DoorNeeds) => {
  return async (request: WireRequest): Promise<WireAnswer> => {
    const requestId = identifiers.uuid()
    const deployed = deployment()
    const { place } = deployed
    const steps: JournalStep[] = []
    const record = (asked: string, status: number, principal?: Principal, remedy?: string) =>
      journal.record({
        requestId,
        service: service.service,
        request: asked,
        status,
        steps,
        outcome: status < 400 ? 'let in' : 'refused',
        ...(principal && { principal: principal.arn }),
        ...(remedy !== undefined && { remedy }),
      })

    const region = signedRegion(request) === place.region ? place.region : (service.region ?? place.region)
    const verdict = verify(request, {
      service: service.service,
      region,
      clockSkewMinutes: service.clockSkewMinutes,
      now,
      findKey: keyRing.findKey,
    })
    const target = `${request.method} ${request.target.split('?')[0]}`
    if (!verdict.verified) {
      const answer = service.refuseSignature(verdict.refusal, requestId)
      steps.push(...failedSteps(verdict.refusal.check, verdict.refusal.explanation))
      record(target, answer.status, undefined, verdict.refusal.remedy)
      return answer
    }
    const caller = verdict.owner
    const demand = ({ action, resource, resourceAccount = caller.accountId, shown = resource }: Demand): void => {
      const context = requestContextKeys(request, place.region, now())
      const decision = evaluate({ principal: caller, action, resource, resourceAccount, context })
      steps.push(...decisionSteps(decision))
      if (decision.allowed) return
      const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${shown}${denialSuffix(decision, action)}`
      throw new Refused({ status: 403, code: service.accessDenied, message }, { remedy: decision.remedy })
    }
    let asked = target
    try {
      const { operation, carryOut } = service.read(request)
      asked = operation
      const isOwner = caller.accountId === place.accountId
      const { roleIdOf } = keyRing
      const call = { caller, place, demand, roleIdOf, deployment: isOwner ? deployed : undefined }
      const answer = carryOut(call)(requestId)
      record(asked, answer.status, caller)
      return answer
    } catch (error) {
      const { refusal, because, remedy } = refusedFor(error)
      if (because !== undefined) steps.push(...failedSteps('operation', [because]))
      record(asked, refusal.status, caller, remedy)
      return service.refuse(refusal, requestId)
    }
  }
}

/** What a request can be the cause of; anything else is a defect of the stack. */
const refusedFor = (error: unknown): Refused => {
  if (error instanceof Refused) return error
  if (error instanceof PolicyError) return unsupported(`a policy of this request: ${error.message}`)
  throw error
}
