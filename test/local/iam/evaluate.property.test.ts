import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { callerOf } from '../../../local/iam/caller.ts'
import { type AccessRequest, evaluate, type NamedPolicy, type PolicyType } from '../../../local/iam/index.ts'
import { runsInFull } from '../../property-runs.ts'
import { home } from './cases/parties.ts'
import { holdsFor, names, own, request } from './generated-world.ts'

/** Adds statements to the policy of one type, or makes one. */
const adding = (asked: AccessRequest, type: PolicyType, statement: object): AccessRequest => {
  const extended = (policy: NamedPolicy | undefined): NamedPolicy => {
    const document = policy?.document as { Statement?: object[] } | undefined // Generated above: always a list.
    return { name: 'extended', document: { ...document, Statement: [...(document?.Statement ?? []), statement] } }
  }
  if (type === 'resource-based' || type === 'role trust') {
    return { ...asked, resourcePolicy: { ...extended(asked.resourcePolicy), kind: type } }
  }
  const principal = callerOf(asked)
  if (!principal) return asked
  const [first, ...others] = principal.sessionPolicies ?? []
  const more = {
    'identity-based': { identityPolicies: [...principal.identityPolicies, extended(undefined)] },
    'permissions boundary': { permissionsBoundary: extended(principal.permissionsBoundary) },
    session: { sessionPolicies: [extended(first), ...others] },
  }[type]
  return { ...asked, principal: { ...principal, ...more } }
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
const typesFor = (asked: AccessRequest): readonly PolicyType[] => [
  ...(isTrust(asked)
    ? asked.action.startsWith('sts:')
      ? (['role trust'] as const)
      : []
    : (['resource-based'] as const)),
  ...(callerOf(asked) ? (['identity-based', 'permissions boundary', 'session'] as const) : []),
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

const followRemedy = (asked: AccessRequest, remedy: string): AccessRequest =>
  [...remedy.matchAll(/Add (\{.*?\}) to (.*?)\.(?= |$)/g)].reduce((mended, [, statement = '', where = '']) => {
    const types = places.filter(([phrase]) => where.includes(phrase)).map(([, type]) => type)
    assert.ok(types.length > 0, `nowhere to add to: ${where}`)
    return types.reduce((next, type) => adding(next, type, JSON.parse(statement)), mended)
  }, asked)

describe('whatever the policies and the request', () => {
  test('a decision is consistent: denials say by what and how to mend them, allows do not', () => {
    const kinds = new Map<string, number>()
    holdsFor(request, (asked) => {
      const decision = evaluate(asked)
      const { allowed, kind, steps } = decision
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      assert.equal(allowed, kind === 'allow')
      assert.equal('deniedBy' in decision, !allowed)
      if (!decision.allowed) assert.notEqual(decision.remedy, '')
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
    holdsFor(request, (asked) => {
      for (const type of typesFor(asked)) {
        const decision = evaluate(adding(asked, type, covering(type, 'Deny')))
        assert.equal(decision.kind, 'explicit deny')
      }
    })
  })

  test('a further allow never turns an allow into a denial', () => {
    holdsFor(fc.tuple(request, names), ([asked, principals]) => {
      if (!evaluate(asked).allowed) return
      for (const type of typesFor(asked)) {
        // A boundary or session policy where there was none takes away, even when it allows something.
        if (type === 'permissions boundary' || type === 'session') continue
        assert.ok(evaluate(adding(asked, type, covering(type, 'Allow', principals))).allowed)
      }
    })
  })

  test('a session policy or a boundary never turns a denial into an allow', () => {
    holdsFor(fc.tuple(request, own('new policy')), ([asked, limit]) => {
      const principal = callerOf(asked)
      if (!principal || evaluate(asked).allowed) return
      if (!principal.sessionPolicies?.length) {
        assert.ok(!evaluate({ ...asked, principal: { ...principal, sessionPolicies: [limit] } }).allowed)
      }
      if (!principal.permissionsBoundary) {
        assert.ok(!evaluate({ ...asked, principal: { ...principal, permissionsBoundary: limit } }).allowed)
      }
    })
  })

  test('empty policies allow nothing', () => {
    const empty = { name: 'empty', document: { Statement: [] } }
    holdsFor(request, (asked) => {
      const caller = callerOf(asked)
      if (!caller || caller.type === 'Root') return
      const principal = { ...caller, identityPolicies: [empty] }
      for (const kind of ['resource-based', 'role trust'] as const) {
        assert.equal(evaluate({ ...asked, principal, resourcePolicy: { ...empty, kind } }).allowed, false)
      }
    })
  })

  test('another account is never let in without both sides', () => {
    holdsFor(request, (asked) => {
      const caller = callerOf(asked)
      if (!caller || caller.accountId === home || !evaluate(asked).allowed) return
      const { resourcePolicy: _, ...unguarded } = asked
      assert.ok(!evaluate(unguarded).allowed)
      if (caller.type !== 'Root') {
        assert.ok(!evaluate({ ...asked, principal: { ...caller, identityPolicies: [] } }).allowed)
      }
    })
  })

  test('the statements of a remedy, added where it says, let the request in', () => {
    let followed = 0
    holdsFor(request, (asked) => {
      const decision = evaluate(asked)
      if (decision.kind !== 'implicit deny') return
      const { remedy } = decision
      if (remedy.includes('Call so that') || !typesFor(asked).length) return
      // A trust policy around an action that is not of sts is not met with in the world, and cannot be mended.
      if (isTrust(asked) && !asked.action.startsWith('sts:')) return
      assert.ok(evaluate(followRemedy(asked, remedy)).allowed, remedy)
      followed++
    })
    assert.ok(followed > (runsInFull ? 200 : 20))
  })
})
