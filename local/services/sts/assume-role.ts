import type { RoleResource } from '../../deployment/deployed-resources.ts'
import {
  type Denial,
  denialSuffix,
  evaluate,
  type NamedPolicy,
  PolicyError,
  type Principal,
  validatePolicy,
} from '../../iam/index.ts'
import type { KeyRing } from '../../identities/index.ts'
import { decisionSteps, type JournalStep } from '../../journal.ts'
import type { QueryError } from '../../service/query-protocol.ts'
import { type AssumeRoleInput, readAssumeRole } from './assume-role-input.ts'
import type { StsOutcome } from './sts-outcome.ts'

interface AssumeRoleDependencies {
  readonly findRole: (arn: string) => RoleResource | undefined
  readonly keyRing: KeyRing
  /** Condition keys of this request. */
  readonly context: Readonly<Record<string, string>>
}

/** A session of a role that was itself assumed by a session lasts an hour at most. */
const maxChainedSeconds = 3_600

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole = (
  parameters: ReadonlyMap<string, string>,
  caller: Principal,
  { findRole, keyRing, context }: AssumeRoleDependencies,
): StsOutcome => {
  const input = readAssumeRole(parameters)
  if ('code' in input) return failedOutcome('parameters', input)
  if (!/^arn:[\w-]+:iam::\d{12}:role\/./.test(input.roleArn)) {
    return failedOutcome('parameters', { status: 400, code: 'ValidationError', message: `${input.roleArn} is invalid` })
  }
  if (caller.type === 'Root') {
    return failedOutcome('caller', accessDenied('Roles may not be assumed by root accounts.'))
  }
  const sessionPolicies = readSessionPolicy(input)
  if ('code' in sessionPolicies) return failedOutcome('session policy', sessionPolicies)

  const inherited = keyRing.sessionOf(caller)?.transitiveTags ?? {}
  const clash = Object.keys(input.tags).some((key) =>
    Object.keys(inherited).some((name) => name.toLowerCase() === key.toLowerCase()),
  )
  if (clash) {
    return failedOutcome('tags', {
      status: 400,
      code: 'InvalidParameterValue',
      message:
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    })
  }

  const role = findRole(input.roleArn)
  // A caller must not learn which roles exist: an unknown role is denied like a role that does not trust the caller.
  if (!role) {
    const step: JournalStep = {
      check: 'role',
      outcome: 'failed',
      reason: `no role ${input.roleArn} exists in the template; AWS answers as if it were forbidden`,
    }
    const suffix = ' because no role trust policy allows the sts:AssumeRole action'
    return { result: accessDenied(`${notAuthorized(caller, 'sts:AssumeRole', input.roleArn)}${suffix}`), steps: [step] }
  }

  const sourceIdentity = input.sourceIdentity ?? caller.sourceIdentity
  const tags = { ...inherited, ...input.tags }
  const actions = [
    'sts:AssumeRole',
    ...(Object.keys(tags).length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity !== undefined ? ['sts:SetSourceIdentity'] : []),
  ]
  const steps: JournalStep[] = []
  for (const action of actions) {
    const decision = evaluate({
      principal: caller,
      action,
      resource: role.arn,
      resourceAccount: role.arn.split(':')[4] ?? '',
      resourcePolicy: { ...role.trustPolicy, kind: 'role trust' },
      context: { ...context, ...stsContext(input, tags, sourceIdentity) },
    })
    steps.push(...decisionSteps(decision))
    if (!decision.allowed) return deniedOutcome(caller, action, role, decision, steps)
  }

  const chained = caller.type === 'AssumedRole'
  const durationProblem = durationError(input.durationSeconds, role, chained)
  if (durationProblem)
    return {
      result: durationProblem,
      steps: [...steps, { check: 'duration', outcome: 'failed', reason: durationProblem.message }],
    }

  const session = keyRing.startSession(role, {
    sessionName: input.roleSessionName,
    durationSeconds: input.durationSeconds,
    ...(sessionPolicies.length > 0 && { sessionPolicies }),
    tags,
    transitiveTagKeys: [...input.transitiveTagKeys, ...Object.keys(inherited)],
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  })
  return {
    result: {
      AssumedRoleUser: { AssumedRoleId: session.owner.userId, Arn: session.owner.arn },
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: session.expiration.toISOString().replace('.000', ''),
      },
      PackedPolicySize: packedPolicySize(input),
      SourceIdentity: sourceIdentity,
    },
    steps,
  }
}

const stsContext = (
  input: AssumeRoleInput,
  tags: Readonly<Record<string, string>>,
  sourceIdentity: string | undefined,
): Record<string, string | readonly string[]> => ({
  'sts:RoleSessionName': input.roleSessionName,
  'sts:DurationSeconds': String(input.durationSeconds),
  ...(input.externalId !== undefined && { 'sts:ExternalId': input.externalId }),
  ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
  ...(input.transitiveTagKeys.length > 0 && { 'sts:TransitiveTagKeys': input.transitiveTagKeys }),
  ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
  ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
})

const readSessionPolicy = ({ policy }: AssumeRoleInput): NamedPolicy[] | QueryError => {
  if (policy === undefined) return []
  try {
    const named: NamedPolicy = { name: 'session policy', document: JSON.parse(policy) }
    validatePolicy(named, 'session')
    return [named]
  } catch (error) {
    const reason = error instanceof PolicyError ? error.message : 'This policy is not valid JSON.'
    return { status: 400, code: 'MalformedPolicyDocument', message: reason }
  }
}

const durationError = (seconds: number, role: RoleResource, chained: boolean): QueryError | undefined => {
  const message =
    chained && seconds > maxChainedSeconds
      ? 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'
      : seconds > role.maxSessionDuration
        ? 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
        : undefined
  return message === undefined ? undefined : { status: 400, code: 'ValidationError', message }
}

/** Percent of the space that policies and tags may take; the packed form is AWS's secret, so this is an estimate. */
const packedPolicySize = ({ policy, tags }: AssumeRoleInput): number | undefined => {
  const size = (policy?.length ?? 0) + JSON.stringify(tags).length - 2
  return size > 0 ? Math.max(1, Math.round((100 * size) / 2_048 / 4)) : undefined
}

const deniedOutcome = (
  caller: Principal,
  action: string,
  role: RoleResource,
  decision: Denial,
  steps: readonly JournalStep[],
): StsOutcome => ({
  result: accessDenied(`${notAuthorized(caller, action, role.arn)}${denialSuffix(decision, action)}`),
  steps,
  fix: decision.fix,
})

const notAuthorized = (caller: Principal, action: string, roleArn: string) =>
  `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${roleArn}`

const accessDenied = (message: string): QueryError => ({ status: 403, code: 'AccessDenied', message })

const failedOutcome = (check: string, error: QueryError): StsOutcome => ({
  result: error,
  steps: [{ check, outcome: 'failed', reason: error.message }],
})
