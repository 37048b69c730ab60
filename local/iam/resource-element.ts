import { arnTest, isArnPattern } from './arn-pattern.ts'
import { type Place, refusal } from './place.ts'
import { hasVariables, readPolicyText, upToVariables } from './policy-text.ts'
import { type Wanted, wantedText } from './wanted.ts'

/**
 * One item of Resource or NotResource: `*` or an ARN, in the sixth section of which variables may stand. The short
 * form that API Gateway expands on saving (`execute-api:/…`) must have been expanded before.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const readResource = (source: string, variables: boolean, at: Place): Wanted => {
  const text = readPolicyText(source, { wildcards: true, variables }, at)
  if (!/^(\*$|arn:)/.test(source) || !isArnPattern(upToVariables(text))) {
    const rule = hasVariables(text) ? '; variables may stand in its sixth section only' : ''
    throw refusal(at, `"${source}" is neither "*" nor an ARN of six sections${rule}`)
  }
  return wantedText(source, text, arnTest)
}
