import { type AccessRequest, type Decision, denialSuffix, PolicyError, type Principal } from '../iam/index.ts'
import { Refused, refusals } from './invoke-refusals.ts'

const action = 'lambda:InvokeFunction'

type Asked = Omit<AccessRequest, 'action' | 'principal'> & { readonly principal: Principal }

/** The decision to let the request in; throws Refused, in Lambda's words, for any other. */
export const authorizeInvoke = (evaluate: (request: AccessRequest) => Decision, asked: Asked): Decision => {
  const decision = evaluated(evaluate, { ...asked, action })
  if (decision.allowed) return decision
  const why = [`${action} on ${asked.resource}: ${decision.kind}`]
  const { principal, resource } = asked
  throw new Refused(refusals.denied(principal.arn, resource, denialSuffix(decision, action), why), decision)
}

const evaluated = (evaluate: (request: AccessRequest) => Decision, access: AccessRequest): Decision => {
  try {
    return evaluate(access)
  } catch (error) {
    if (error instanceof PolicyError) throw new Refused(refusals.unsupportedPolicy(error.message))
    throw error
  }
}
