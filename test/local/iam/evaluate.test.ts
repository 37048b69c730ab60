import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { denialSuffix, evaluate, type NamedPolicy, PolicyError, type Principal } from '../../../local/iam/index.ts'
import { apiGatewayCases } from './cases/api-gateway.ts'
import { callerCases } from './cases/callers.ts'
import { conditionCases } from './cases/conditions.ts'
import type { DecisionCase } from './cases/decision-case.ts'
import { explanationCases } from './cases/explanations.ts'
import { matchingCases } from './cases/matching.ts'
import { principalCases } from './cases/principals.ts'
import { keyCases } from './cases/request-context.ts'
import { resourceGrantCases } from './cases/resource-grants.ts'
import { home, policy, session } from './cases/test-principals.ts'
import { trustCases } from './cases/trust.ts'
import { variableCases } from './cases/variables.ts'

const decides = (cases: readonly DecisionCase[]) => {
  for (const { title, request, kind, deniedBy, suffix, steps, fix } of cases) {
    test(title, () => {
      const decision = evaluate(request)
      const denial = decision.allowed ? undefined : decision
      const seen = { kind: decision.kind, allowed: decision.allowed, deniedBy: denial?.deniedBy }
      assert.deepEqual(seen, { kind, allowed: kind === 'allow', deniedBy }, JSON.stringify(decision, null, 2))
      assert.notEqual(denial?.fix, '')
      if (suffix !== undefined) assert.equal(denial && denialSuffix(denial, request.action), suffix)
      if (steps) assert.deepEqual(decision.steps, steps)
      if (fix !== undefined) assert.equal(denial?.fix, fix)
    })
  }
}

/** Whether an Allow applies and a Deny applies: both ask the same question. */
const applies = (
  statement: object,
  request: { action: string; resource: string; context?: Readonly<Record<string, string | readonly string[]>> },
  { principal = session(), version = '2012-10-17' } = {},
) => {
  const evaluateEffect = (Effect: string) => {
    const document = { ...(version !== 'absent' && { Version: version }), Statement: { Effect, ...statement } }
    const identityPolicies: NamedPolicy[] = [{ name: 'the policy', document }]
    return evaluate({ ...request, principal: { ...principal, identityPolicies }, resourceAccount: home })
  }
  const [allow, deny] = [evaluateEffect('Allow'), evaluateEffect('Deny')]
  assert.equal(allow.allowed, deny.kind === 'explicit deny', 'an Allow and a Deny must match alike')
  return { matches: allow.allowed, reason: allow.steps.at(-1)?.reason }
}

describe('a REST API is guarded by identity policy and resource policy', () => decides(apiGatewayCases))
describe('a role is guarded by its trust policy', () => decides(trustCases))
describe('a grant by a resource policy is limited as its principal says', () => decides(resourceGrantCases))
describe('every kind of caller is judged by the policies that bind it', () => decides(callerCases))
describe('a decision explains itself', () => decides(explanationCases))

describe('actions and resources match', () => {
  for (const { title, statement, action, resource, matches } of matchingCases) {
    test(title, () => assert.equal(applies(statement, { action, resource }).matches, matches))
  }
})

describe('conditions hold', () => {
  for (const { title, condition, context, holds, reason } of conditionCases) {
    test(title, () => {
      const statement = { Action: '*', Resource: '*', Condition: condition }
      const verdict = applies(statement, { action: 'app:Do', resource: '*', context })
      assert.equal(verdict.matches, holds, verdict.reason)
      if (reason !== undefined) assert.equal(verdict.reason, reason)
    })
  }

  test('an operator without qualifier is rejected for several values', () => {
    const allow = { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'app:Key': 'a' } } }
    const principal = session({ identityPolicies: [policy('the policy', allow)] })
    const context = { 'app:Key': ['a', 'b'] }
    assert.throws(
      () => evaluate({ principal, action: 'app:Do', resource: '*', resourceAccount: home, context }),
      new PolicyError(
        'the policy, statement 1, Condition.StringEquals.app:Key: the request holds several values: put ForAllValues: or ForAnyValue: before it',
      ),
    )
  })
})

describe('policy variables take their values', () => {
  for (const { title, version, statement, principal, resource = '*', context, matches, reason } of variableCases) {
    test(title, () => {
      const request = { action: 's3:GetObject', resource, ...(context && { context }) }
      const verdict = applies({ Action: '*', ...statement }, request, { principal, ...(version && { version }) })
      assert.equal(verdict.matches, matches, verdict.reason)
      if (reason !== undefined) assert.equal(verdict.reason, reason)
    })
  }
})

describe('principals are meant', () => {
  for (const { title, element, principal, matches, reason } of principalCases) {
    test(title, () => {
      const statement = { Effect: 'Deny', Action: 'app:Do', Resource: '*', ...element }
      const resourcePolicy = policy('resource policy', statement)
      const decision = evaluate({ principal, action: 'app:Do', resource: '*', resourceAccount: home, resourcePolicy })
      assert.equal(decision.kind === 'explicit deny', matches, JSON.stringify(decision.steps))
      if (reason !== undefined) assert.ok(decision.steps[0]?.reason.includes(reason), decision.steps[0]?.reason)
    })
  }
})

describe('global condition keys follow from the principal', () => {
  const holds = (principal: Principal | 'anonymous' | { service: string }, condition: object, context = {}) =>
    evaluate({
      principal,
      action: 'app:Do',
      resource: '*',
      resourceAccount: home,
      resourcePolicy: policy('p', { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition: condition }),
      context,
    }).kind === 'explicit deny'

  for (const { who, principal, keys } of keyCases) {
    for (const [key, value] of Object.entries(keys)) {
      test(`${who} has ${value === undefined ? 'no' : `${value} for`} ${key}`, () => {
        assert.ok(
          holds(principal, value === undefined ? { Null: { [key]: 'true' } } : { StringEquals: { [key]: value } }),
        )
      })
    }
  }

  test('what the request brings is laid over them', () => {
    const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
    assert.ok(holds(session(), condition, { 'AWS:multifactorauthpresent': 'true' }))
  })
})
