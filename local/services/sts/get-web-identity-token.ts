import { denialSuffix, evaluate, type Principal } from '../../iam/index.ts'
import type { RoleSession } from '../../identities/index.ts'
import { decisionSteps, failedSteps, type JournalStep } from '../../journal.ts'
import type { QueryError } from '../../service/query-protocol.ts'
import type { StsOutcome } from './sts-outcome.ts'
import { issuerOf, type TokenIssuers } from './token-issuers.ts'
import { readGetWebIdentityToken, type WebIdentityTokenInput } from './web-identity-token-input.ts'

interface WebIdentityTokenDependencies {
  readonly issuers: TokenIssuers
  /** Undefined for users. */
  readonly session: RoleSession | undefined
  /** Whether the account has outbound federation enabled. */
  readonly isEnabled: boolean
  readonly region: string
  /** Condition keys of this request. */
  readonly context: Readonly<Record<string, string>>
  readonly now: Date
  readonly newId: () => string
}

/** Bytes of the claims as JSON; the next byte is refused (github.com/radkawar/stackd, docs on outbound federation). */
const maxPayloadBytes = 14_984

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html. The order of the checks was observed. */
export const getWebIdentityToken = (
  parameters: ReadonlyMap<string, string>,
  caller: Principal,
  dependencies: WebIdentityTokenDependencies,
): StsOutcome => {
  const input = readGetWebIdentityToken(parameters)
  if ('code' in input) return rejectedOutcome('parameters', input)
  const { steps, denial } = checkPermission(input, caller, dependencies)
  if (denial) return denial

  const { issuers, session, isEnabled, now } = dependencies
  const expires = new Date(now.getTime() + input.durationSeconds * 1_000)
  if (session && expires > session.expiration) return rejectedOutcome('session', escalation, steps)
  if (!isEnabled) return { ...rejectedOutcome('account', federationDisabled, steps), fix: enableFederationCommand }
  const claims = claimsOf(input, caller, expires, dependencies)
  if (Buffer.byteLength(JSON.stringify(claims)) > maxPayloadBytes) return rejectedOutcome('size', tooLarge, steps)
  return {
    result: {
      WebIdentityToken: issuers.issue(caller.accountId, input.algorithm, claims),
      Expiration: expires.toISOString(),
    },
    steps,
  }
}

const escalation: QueryError = {
  status: 403,
  code: 'SessionDurationEscalationException',
  message: "Requested token expiry time must be before the original session's expiry time.",
}

const federationDisabled: QueryError = {
  status: 403,
  code: 'OutboundWebIdentityFederationDisabledException',
  message: 'OutboundWebIdentityFederation is disabled.',
}

const enableFederationCommand = 'aws iam enable-outbound-web-identity-federation'

/** The code is the model's, the words are ours. */
const tooLarge: QueryError = {
  status: 400,
  code: 'JWTPayloadSizeExceededException',
  message: 'The requested token payload size exceeds the maximum allowed size.',
}

const rejectedOutcome = (check: string, error: QueryError, previousSteps: readonly JournalStep[] = []): StsOutcome => ({
  result: error,
  steps: [...previousSteps, ...failedSteps(check, [error.message])],
})

interface PermissionResult {
  readonly steps: readonly JournalStep[]
  readonly denial?: StsOutcome
}

/** There is no policy on the other side: the caller's own have to allow it, on a resource that stands for itself. */
const checkPermission = (
  input: WebIdentityTokenInput,
  caller: Principal,
  { context }: WebIdentityTokenDependencies,
): PermissionResult => {
  const { audiences, algorithm, durationSeconds, tags } = input
  const [, partition = ''] = caller.arn.split(':')
  const resource = `arn:${partition}:sts::${caller.accountId}:self`
  const keys = Object.keys(tags)
  const steps: JournalStep[] = []
  for (const action of ['sts:GetWebIdentityToken', ...(keys.length > 0 ? ['sts:TagGetWebIdentityToken'] : [])]) {
    const decision = evaluate({
      principal: caller,
      action,
      resource,
      resourceAccount: caller.accountId,
      context: {
        ...context,
        'sts:IdentityTokenAudience': audiences,
        'sts:SigningAlgorithm': algorithm,
        'sts:DurationSeconds': String(durationSeconds),
        ...(keys.length > 0 && { 'aws:TagKeys': keys }),
        ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      },
    })
    steps.push(...decisionSteps(decision))
    if (decision.allowed) continue
    const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}${denialSuffix(decision, action)}`
    return {
      steps,
      denial: { result: { status: 403, code: 'AccessDenied', message }, steps, fix: decision.fix },
    }
  }
  return { steps }
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html ; `principal_id` is in tokens
 * that were published and not in the documentation. The account is in no organization.
 */
const claimsOf = (
  { audiences, durationSeconds, tags }: WebIdentityTokenInput,
  { accountId, principalArn, tags: principalTags = {}, sourceIdentity }: Principal,
  expires: Date,
  { session, region, newId }: WebIdentityTokenDependencies,
): Readonly<Record<string, unknown>> => {
  const exp = Math.floor(expires.getTime() / 1_000)
  return {
    aud: audiences.length === 1 ? audiences[0] : audiences,
    // The role with its path, where a session's ARN has none.
    sub: principalArn,
    'https://sts.amazonaws.com/': {
      aws_account: accountId,
      ...(session && { original_session_exp: wholeSeconds(session.expiration) }),
      ...(session?.functionArn !== undefined && { lambda_source_function_arn: session.functionArn }),
      ...(sourceIdentity !== undefined && { source_identity: sourceIdentity }),
      ...(Object.keys(tags).length > 0 && { request_tags: tags }),
      source_region: region,
      principal_id: principalArn,
      ...(Object.keys(principalTags).length > 0 && { principal_tags: principalTags }),
    },
    iss: issuerOf(accountId),
    exp,
    iat: exp - durationSeconds,
    jti: newId(),
  }
}

const wholeSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')
