import { type Place, refusal } from './place.ts'
import { readPolicyText, withoutVariables } from './policy-text.ts'
import type { PolicyType } from './types.ts'
import { type Wanted, wantedValue } from './wanted.ts'
import { compilePattern, matchesPattern } from './wildcard.ts'

/**
 * One item of Action or NotAction. Its test takes actions in lower case, since case does not matter.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export const readAction = (source: string, kind: PolicyType, at: Place): Wanted => {
  if (source !== '*' && !/^[\w*?-]+:[\w*?-]+$/.test(source)) {
    throw refusal(at, `"${source}" is neither "*" nor of the form service:Name`)
  }
  if (kind === 'role trust' && !/^sts:/i.test(source)) {
    throw refusal(at, `"${source}" is not an action of sts, and role trust policies take no others`)
  }
  const text = readPolicyText(source.toLowerCase(), { wildcards: true, variables: false }, at)
  const pattern = compilePattern(withoutVariables(text))
  return wantedValue(source, (action) => matchesPattern(pattern, action))
}
