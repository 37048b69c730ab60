import { headerValue, type WireRequest } from '../http.ts'
import type { AccessRequest } from './access-request.ts'

/** Condition keys in lower case, with their values; an empty list is an absent key. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>

/**
 * The condition keys that follow from who asks for what, under those the request brings itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html ; who has which of
 * aws:username, aws:userid and aws:PrincipalType: the table of principals in
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const conditionContext = ({ principal, resourceAccount, context = {} }: AccessRequest): ConditionContext => {
  const keys = new Map<string, readonly string[]>()
  const add = (from: Readonly<Record<string, string | readonly string[]>>) => {
    for (const [key, value] of Object.entries(from)) {
      keys.set(key.toLowerCase(), typeof value === 'string' ? [value] : value)
    }
  }
  add({ 'aws:ResourceAccount': resourceAccount, 'aws:ViaAWSService': 'false' })
  add(principalKeys(principal))
  add(context)
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

/**
 * The global condition keys that follow from the request and not from who sent it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const requestContextKeys = (request: WireRequest, region: string, now: Date): Record<string, string> => {
  const userAgent = headerValue(request, 'user-agent')
  const referer = headerValue(request, 'referer')
  return {
    'aws:SourceIp': request.sourceIp,
    // The stack listens on loopback without TLS; the real services accept TLS only.
    'aws:SecureTransport': 'true',
    'aws:RequestedRegion': region,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    ...(userAgent !== undefined && { 'aws:UserAgent': userAgent }),
    ...(referer !== undefined && { 'aws:Referer': referer }),
  }
}
