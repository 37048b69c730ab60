import type { RoleResource } from '../../deployment/deployed-resources.ts'
import type { WireRequest, WireResponse } from '../../http.ts'
import { type Principal, requestContextKeys } from '../../iam/index.ts'
import type { Identifiers } from '../../identifiers.ts'
import type { KeyRing } from '../../identities/index.ts'
import { failedSteps, type Journal } from '../../journal.ts'
import { type QueryError, queryParameters, queryResponses, querySignatureError } from '../../service/query-protocol.ts'
import { type SignatureRejection, verifySignature } from '../../sigv4/index.ts'
import { assumeRole } from './assume-role.ts'
import { getWebIdentityToken } from './get-web-identity-token.ts'
import type { StsOutcome } from './sts-outcome.ts'
import type { TokenIssuers } from './token-issuers.ts'

interface StsDependencies {
  readonly region: string
  readonly findRole: (arn: string) => RoleResource | undefined
  readonly keyRing: KeyRing
  readonly issuers: TokenIssuers
  /** Whether an account has outbound web identity federation enabled. */
  readonly isFederationEnabled: (accountId: string) => boolean
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

type StsOperation = (parameters: ReadonlyMap<string, string>, caller: Principal, request: WireRequest) => StsOutcome

const version = '2011-06-15'

const responses = queryResponses(`https://sts.amazonaws.com/doc/${version}/`)

/** Actions of the real service that the local stack does not imitate. */
const unsupportedActions = new Set([
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'DecodeAuthorizationMessage',
  'GetAccessKeyInfo',
  'GetDelegatedAccessToken',
  'GetFederationToken',
  'GetSessionToken',
])

/** The regional STS endpoint. https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html */
export const createSts = (dependencies: StsDependencies) => {
  const { region, findRole, keyRing, issuers, isFederationEnabled, identifiers, journal, now } = dependencies
  const operations = new Map<string, StsOperation>([
    [
      'AssumeRole',
      (parameters, caller, request) =>
        assumeRole(parameters, caller, { findRole, keyRing, context: requestContextKeys(request, region, now()) }),
    ],
    [
      'GetWebIdentityToken',
      (parameters, caller, request) =>
        getWebIdentityToken(parameters, caller, {
          issuers,
          region,
          now: now(),
          newId: identifiers.uuid,
          session: keyRing.sessionOf(caller),
          isEnabled: isFederationEnabled(caller.accountId),
          context: requestContextKeys(request, region, now()),
        }),
    ],
    // Always allowed, even where a policy denies it.
    [
      'GetCallerIdentity',
      (_, { arn, userId, accountId }) => ({ result: { Arn: arn, UserId: userId, Account: accountId }, steps: [] }),
    ],
  ])

  return async (request: WireRequest): Promise<WireResponse> => {
    const requestId = identifiers.uuid()
    const parameters = queryParameters(request)
    const action = parameters.get('Action') ?? ''
    const verification = verifySignature(request, {
      service: 'sts',
      region,
      // Measured: the query-protocol services allow more than the JSON ones.
      clockSkewMinutes: 15,
      now,
      findKey: keyRing.findKey,
    })
    const outcome = !verification.verified
      ? rejectedSignature(verification.rejection)
      : (operations.get(action)?.(parameters, verification.owner, request) ??
        unknownAction(action, parameters.get('Version') ?? version))

    const error = isError(outcome.result) ? outcome.result : undefined
    journal.record({
      requestId,
      service: 'sts',
      request: action || `${request.method} ${request.target.split('?')[0]}`,
      status: error?.status ?? 200,
      ...(verification.verified && { principal: verification.owner.arn }),
      outcome: error ? 'rejected' : 'allowed',
      steps: outcome.steps,
      ...(outcome.fix && { fix: outcome.fix }),
    })
    if (isError(outcome.result)) return responses.error(outcome.result, requestId)
    return responses.result(action, outcome.result, requestId)
  }
}

const isError = (result: StsOutcome['result']): result is QueryError =>
  typeof result === 'object' && 'code' in result && 'status' in result

const rejectedSignature = (rejection: SignatureRejection): StsOutcome => ({
  result: querySignatureError(rejection),
  steps: failedSteps(rejection.check, rejection.explanation),
  fix: rejection.fix,
})

const unknownAction = (action: string, givenVersion: string): StsOutcome => {
  const error: QueryError = unsupportedActions.has(action)
    ? { status: 501, code: 'LocalUnsupported', message: `The local stack does not imitate sts:${action}.` }
    : { status: 400, code: 'InvalidAction', message: `Could not find operation ${action} for version ${givenVersion}` }
  return { result: error, steps: failedSteps('action', [error.message]) }
}
