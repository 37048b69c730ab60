import type { WireAnswer, WireRequest } from '../http/index.ts'
import type { Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { KeyRing } from '../identities/index.ts'
import { failedSteps, type Journal } from '../journal.ts'
import { parameters, type QueryError, queryAnswers, signatureError } from '../query-protocol/index.ts'
import { requestContextKeys } from '../request-context.ts'
import { type SignatureRefusal, verify } from '../sigv4/index.ts'
import type { RoleResource } from '../template/index.ts'
import { assumeRole } from './assume-role.ts'
import { getWebIdentityToken } from './get-web-identity-token.ts'
import type { Outcome } from './outcome.ts'
import type { TokenIssuers } from './token-issuers.ts'

interface Needs {
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

type Operation = (given: ReadonlyMap<string, string>, caller: Principal, request: WireRequest) => Outcome

const version = '2011-06-15'

const answers = queryAnswers(`https://sts.amazonaws.com/doc/${version}/`)

/** Actions of the real service that the local stack does not imitate. */
const unsupported = new Set([
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
export const createSts = (needs: Needs) => {
  const { region, findRole, keyRing, issuers, isFederationEnabled, identifiers, journal, now } = needs
  const operations = new Map<string, Operation>([
    [
      'AssumeRole',
      (given, caller, request) =>
        assumeRole(given, caller, { findRole, keyRing, context: requestContextKeys(request, region, now()) }),
    ],
    [
      'GetWebIdentityToken',
      (given, caller, request) =>
        getWebIdentityToken(given, caller, {
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

  return async (request: WireRequest): Promise<WireAnswer> => {
    const requestId = identifiers.uuid()
    const given = parameters(request)
    const action = given.get('Action') ?? ''
    const verdict = verify(request, {
      service: 'sts',
      region,
      // Measured: the query-protocol services allow more than the JSON ones.
      clockSkewMinutes: 15,
      now,
      findKey: keyRing.findKey,
    })
    const outcome = !verdict.verified
      ? refusedSignature(verdict.refusal)
      : (operations.get(action)?.(given, verdict.owner, request) ??
        unknownAction(action, given.get('Version') ?? version))

    const error = isError(outcome.result) ? outcome.result : undefined
    journal.record({
      requestId,
      service: 'sts',
      request: action || `${request.method} ${request.target.split('?')[0]}`,
      status: error?.status ?? 200,
      ...(verdict.verified && { principal: verdict.owner.arn }),
      outcome: error ? 'refused' : 'let in',
      steps: outcome.steps,
      ...(outcome.remedy && { remedy: outcome.remedy }),
    })
    if (isError(outcome.result)) return answers.error(outcome.result, requestId)
    return answers.result(action, outcome.result, requestId)
  }
}

const isError = (result: Outcome['result']): result is QueryError =>
  typeof result === 'object' && 'code' in result && 'status' in result

const refusedSignature = (refusal: SignatureRefusal): Outcome => ({
  result: signatureError(refusal),
  steps: failedSteps(refusal.check, refusal.explanation),
  remedy: refusal.remedy,
})

const unknownAction = (action: string, givenVersion: string): Outcome => {
  const error: QueryError = unsupported.has(action)
    ? { status: 501, code: 'LocalUnsupported', message: `The local stack does not imitate sts:${action}.` }
    : { status: 400, code: 'InvalidAction', message: `Could not find operation ${action} for version ${givenVersion}` }
  return { result: error, steps: failedSteps('action', [error.message]) }
}
