import type { PolicyType } from './access-request.ts'
import { type PolicyPosition, policyErrorAt } from './policy-messages.ts'
import {
  hasVariables,
  type PolicyValue,
  policyTextValue,
  policyValue,
  readPolicyText,
  upToVariables,
  withoutVariables,
} from './policy-value.ts'
import { arnTest, compilePattern, isArnPattern, matchesPattern } from './policy-wildcards.ts'

/**
 * One item of Action or NotAction. Its test takes actions in lower case, since case does not matter.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export const readAction = (source: string, kind: PolicyType, at: PolicyPosition): PolicyValue => {
  if (source !== '*' && !/^[\w*?-]+:[\w*?-]+$/.test(source)) {
    throw policyErrorAt(at, `"${source}" is neither "*" nor of the form service:Name`)
  }
  if (kind === 'role trust' && !/^sts:/i.test(source)) {
    throw policyErrorAt(at, `"${source}" is not an action of sts, and role trust policies take no others`)
  }
  const text = readPolicyText(source.toLowerCase(), { wildcards: true, variables: false }, at)
  const pattern = compilePattern(withoutVariables(text))
  return policyValue(source, (action) => matchesPattern(pattern, action))
}

/**
 * One item of Resource or NotResource: `*` or an ARN, in the sixth section of which variables may stand. The short
 * form that API Gateway expands on saving (`execute-api:/…`) must have been expanded before.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const readResource = (source: string, variables: boolean, at: PolicyPosition): PolicyValue => {
  const text = readPolicyText(source, { wildcards: true, variables }, at)
  if (!/^(\*$|arn:)/.test(source) || !isArnPattern(upToVariables(text))) {
    const rule = hasVariables(text) ? '; variables may stand in its sixth section only' : ''
    throw policyErrorAt(at, `"${source}" is neither "*" nor an ARN of six sections${rule}`)
  }
  return policyTextValue(source, text, arnTest)
}
