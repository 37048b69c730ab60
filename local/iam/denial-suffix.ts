import type { Denial, PolicyType } from './access-request.ts'

/** How the name of each type stands after `because no` and after `with an explicit deny in`. */
const names: Readonly<Record<PolicyType, readonly [silent: string, denying: string]>> = {
  'identity-based': ['identity-based policy', 'an identity-based policy'],
  'resource-based': ['resource-based policy', 'a resource-based policy'],
  'role trust': ['role trust policy', 'the role trust policy'],
  'permissions boundary': ['permissions boundary', 'a permissions boundary'],
  session: ['session policy', 'a session policy'],
}

/**
 * What AWS puts after `… is not authorized to perform: … on resource: …`, its leading blank included.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (which once writes
 * `a sessions policy`; published answers say `a session policy`).
 */
export const denialSuffix = ({ kind, deniedBy }: Denial, action: string): string => {
  const [silent, denying] = names[deniedBy]
  return kind === 'explicit deny'
    ? ` with an explicit deny in ${denying}`
    : ` because no ${silent} allows the ${action} action`
}
