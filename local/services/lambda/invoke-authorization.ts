import { type AccessRequest, type Decision, denialSuffix, PolicyError, type Principal } from '../../iam/index.ts'
import { InvokeRejected, invokeRejections } from './invoke-rejections.ts'

const action = 'lambda:InvokeFunction'

type InvokeAccess = Omit<AccessRequest, 'action' | 'principal'> & { readonly principal: Principal }

/** The decision to let the request in; throws Refused, in Lambda's words, for any other. */
export const authorizeInvoke = (evaluate: (request: AccessRequest) => Decision, access: InvokeAccess): Decision => {
  const decision = evaluateOrReject(evaluate, { ...access, action })
  if (decision.allowed) return decision
  const explanation = [`${action} on ${access.resource}: ${decision.kind}`]
  const { principal, resource } = access
  throw new InvokeRejected(
    invokeRejections.denied(principal.arn, resource, denialSuffix(decision, action), explanation),
    decision,
  )
}

const evaluateOrReject = (evaluate: (request: AccessRequest) => Decision, access: AccessRequest): Decision => {
  try {
    return evaluate(access)
  } catch (error) {
    if (error instanceof PolicyError) throw new InvokeRejected(invokeRejections.unsupportedPolicy(error.message))
    throw error
  }
}
