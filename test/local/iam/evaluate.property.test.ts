import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { callerOf } from '../../../local/iam/access-request.ts'
import { type AccessRequest, evaluate, type NamedPolicy, type PolicyType } from '../../../local/iam/index.ts'
import { runsInFull } from '../../property-runs.ts'
import { home } from './cases/test-principals.ts'
import { holdsFor, names, principalPolicy, request } from './generated-policies.ts'

/** Adds statements to the policy of one type, or makes one. */
const adding = (request: AccessRequest, type: PolicyType, statement: object): AccessRequest => {
  const extended = (policy: NamedPolicy | undefined): NamedPolicy => {
    const document = policy?.document as { Statement?: object[] } | undefined // Generated above: always a list.
    return { name: 'extended', document: { ...document, Statement: [...(document?.Statement ?? []), statement] } }
  }
  if (type === 'resource-based' || type === 'role trust') {
    return { ...request, resourcePolicy: { ...extended(request.resourcePolicy), kind: type } }
  }
  const principal = callerOf(request)
  if (!principal) return request
  const [first, ...others] = principal.sessionPolicies ?? []
  const more = {
    'identity-based': { identityPolicies: [...principal.identityPolicies, extended(undefined)] },
    'permissions boundary': { permissionsBoundary: extended(principal.permissionsBoundary) },
    session: { sessionPolicies: [extended(first), ...others] },
  }[type]
  return { ...request, principal: { ...principal, ...more } }
}

const covering = (type: PolicyType, Effect: 'Allow' | 'Deny', principals: object = { AWS: '*' }) => ({
  Effect,
  Action: type === 'role trust' ? 'sts:*' : '*',
  ...(type !== 'role trust' && { Resource: '*' }),
  ...((type === 'role trust' || type === 'resource-based') && { Principal: principals }),
})

const isTrust = ({ action, resourcePolicy }: AccessRequest) =>
  resourcePolicy ? resourcePolicy.kind === 'role trust' : action === 'sts:AssumeRole'

/** The types of policy that may be added to for a request; trust policies speak of sts alone. */
const typesFor = (request: AccessRequest): readonly PolicyType[] => [
  ...(isTrust(request)
    ? request.action.startsWith('sts:')
      ? (['role trust'] as const)
      : []
    : (['resource-based'] as const)),
  ...(callerOf(request) ? (['identity-based', 'permissions boundary', 'session'] as const) : []),
]

const places: readonly [phrase: string, type: PolicyType][] = [
  ['the identity-based policies of', 'identity-based'],
  ['boundary (account', 'permissions boundary'],
  ['the session policy passed', 'session'],
  ['resource policy (account', 'resource-based'],
  ['a new resource-based policy', 'resource-based'],
  ['trust policy (account', 'role trust'],
  ['a new role trust policy', 'role trust'],
]

const followRemedy = (request: AccessRequest, fix: string): AccessRequest =>
  [...fix.matchAll(/Add (\{.*?\}) to (.*?)\.(?= |$)/g)].reduce((fixed, [, statement = '', where = '']) => {
    const types = places.filter(([phrase]) => where.includes(phrase)).map(([, type]) => type)
    assert.ok(types.length > 0, `nowhere to add to: ${where}`)
    return types.reduce((next, type) => adding(next, type, JSON.parse(statement)), fixed)
  }, request)

describe('whatever the policies and the request', () => {
  test('a decision is consistent: denials have a policy type and a fix, allows do not', () => {
    const kinds = new Map<string, number>()
    holdsFor(request, (request) => {
      const decision = evaluate(request)
      const { allowed, kind, steps } = decision
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      assert.equal(allowed, kind === 'allow')
      assert.equal('deniedBy' in decision, !allowed)
      if (!decision.allowed) assert.notEqual(decision.fix, '')
      assert.equal(
        steps.some(({ outcome }) => outcome === 'denies'),
        kind === 'explicit deny',
      )
      if (allowed) assert.ok(steps.some(({ outcome }) => outcome === 'allows'))
      if (decision.kind === 'explicit deny') {
        const { deniedBy } = decision
        assert.ok(steps.some(({ outcome, policyType }) => outcome === 'denies' && policyType === deniedBy))
      }
    })
    // The values are few enough for each outcome to be met often: some 230 of 3,000 are allowed.
    const enough = runsInFull ? 100 : 3
    for (const kind of ['allow', 'implicit deny', 'explicit deny']) assert.ok((kinds.get(kind) ?? 0) > enough, kind)
  })

  test('an explicit deny that matches wins', () => {
    holdsFor(request, (request) => {
      for (const type of typesFor(request)) {
        const decision = evaluate(adding(request, type, covering(type, 'Deny')))
        assert.equal(decision.kind, 'explicit deny')
      }
    })
  })

  test('a further allow never turns an allow into a denial', () => {
    holdsFor(fc.tuple(request, names), ([request, principals]) => {
      if (!evaluate(request).allowed) return
      for (const type of typesFor(request)) {
        // A boundary or session policy where there was none takes away, even when it allows something.
        if (type === 'permissions boundary' || type === 'session') continue
        assert.ok(evaluate(adding(request, type, covering(type, 'Allow', principals))).allowed)
      }
    })
  })

  test('a session policy or a boundary never turns a denial into an allow', () => {
    holdsFor(fc.tuple(request, principalPolicy('new policy')), ([request, limit]) => {
      const principal = callerOf(request)
      if (!principal || evaluate(request).allowed) return
      if (!principal.sessionPolicies?.length) {
        assert.ok(!evaluate({ ...request, principal: { ...principal, sessionPolicies: [limit] } }).allowed)
      }
      if (!principal.permissionsBoundary) {
        assert.ok(!evaluate({ ...request, principal: { ...principal, permissionsBoundary: limit } }).allowed)
      }
    })
  })

  test('empty policies allow nothing', () => {
    const empty = { name: 'empty', document: { Statement: [] } }
    holdsFor(request, (request) => {
      const caller = callerOf(request)
      if (!caller || caller.type === 'Root') return
      const principal = { ...caller, identityPolicies: [empty] }
      for (const kind of ['resource-based', 'role trust'] as const) {
        assert.equal(evaluate({ ...request, principal, resourcePolicy: { ...empty, kind } }).allowed, false)
      }
    })
  })

  test('another account is never allowed without both sides', () => {
    holdsFor(request, (request) => {
      const caller = callerOf(request)
      if (!caller || caller.accountId === home || !evaluate(request).allowed) return
      const { resourcePolicy: _, ...unguarded } = request
      assert.ok(!evaluate(unguarded).allowed)
      if (caller.type !== 'Root') {
        assert.ok(!evaluate({ ...request, principal: { ...caller, identityPolicies: [] } }).allowed)
      }
    })
  })

  test('the statements of a remedy, added where it says, let the request in', () => {
    let followed = 0
    holdsFor(request, (request) => {
      const decision = evaluate(request)
      if (decision.kind !== 'implicit deny') return
      const { fix } = decision
      if (fix.includes('Call so that') || !typesFor(request).length) return
      // A trust policy around an action that is not of sts does not exist at AWS, and cannot be fixed.
      if (isTrust(request) && !request.action.startsWith('sts:')) return
      assert.ok(evaluate(followRemedy(request, fix)).allowed, fix)
      followed++
    })
    assert.ok(followed > (runsInFull ? 200 : 20))
  })
})
