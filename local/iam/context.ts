import type { AccessRequest } from './types.ts'

/** Condition keys in lower case, with their values; an empty list is an absent key. */
export type Context = ReadonlyMap<string, readonly string[]>

/**
 * The condition keys that follow from who asks for what, under those the request brings itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html ; who has which of
 * aws:username, aws:userid and aws:PrincipalType: the table of principals in
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const contextOf = ({ principal, resourceAccount, context = {} }: AccessRequest): Context => {
  const keys = new Map<string, readonly string[]>()
  const lay = (from: Readonly<Record<string, string | readonly string[]>>) => {
    for (const [key, value] of Object.entries(from)) {
      keys.set(key.toLowerCase(), typeof value === 'string' ? [value] : value)
    }
  }
  lay({ 'aws:ResourceAccount': resourceAccount, 'aws:ViaAWSService': 'false' })
  lay(principalKeys(principal))
  lay(context)
  return keys
}

const principalTypes = { User: 'User', AssumedRole: 'AssumedRole', Root: 'Account' } as const

const principalKeys = (principal: AccessRequest['principal']): Record<string, string> => {
  if (principal === 'anonymous') return { 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' }
  if ('service' in principal) {
    return { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal.service }
  }
  const { type, accountId, arn, principalArn, userId, tags = {}, sourceIdentity, issuedAt } = principal
  return {
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
    'aws:PrincipalArn': principalArn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': principalTypes[type],
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': userId,
    ...(type === 'User' && { 'aws:username': arn.slice(arn.lastIndexOf('/') + 1) }),
    ...(sourceIdentity !== undefined && { 'aws:SourceIdentity': sourceIdentity }),
    // Long-term keys have neither; no session here was made with a second factor.
    ...(issuedAt && { 'aws:TokenIssueTime': issuedAt.toISOString() }),
    ...(type === 'AssumedRole' && { 'aws:MultiFactorAuthPresent': 'false' }),
  }
}
