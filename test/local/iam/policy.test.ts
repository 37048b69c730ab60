import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { evaluate, PolicyError, validatePolicy } from '../../../local/iam/index.ts'
import { acceptedCases, malformedCases } from './cases/malformed.ts'
import { home, session } from './cases/test-principals.ts'

describe('a malformed policy is rejected by the name of policy, statement and element', () => {
  for (const { title, kind = 'identity-based', document, error } of malformedCases) {
    test(title, () => {
      const policy = { name: 'the policy', document }
      assert.throws(() => validatePolicy(policy, kind), new PolicyError(`the policy${error}`))
      // A document that was refused once is refused again.
      assert.throws(() => validatePolicy(policy, kind), PolicyError)
    })
  }
})

describe('a policy AWS takes is taken', () => {
  for (const { title, kind = 'identity-based', document } of acceptedCases) {
    test(title, () => assert.doesNotThrow(() => validatePolicy({ name: 'the policy', document }, kind)))
  }

  test('a document good as one kind of policy may be bad as another', () => {
    const document = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
    validatePolicy({ name: 'first', document }, 'identity-based')
    assert.throws(
      () => validatePolicy({ name: 'second', document }, 'resource-based'),
      new PolicyError('second, statement 1, Principal: a resource-based policy must say for whom it is'),
    )
  })
})

test('evaluate rejects a malformed policy as well, wherever it stands', () => {
  const bad = { name: 'bad', document: { Statement: {} } }
  const good = { name: 'good', document: { Statement: [] } }
  const request = { action: 'app:Do', resource: '*', resourceAccount: home }
  const error = new PolicyError('bad, statement 1, Effect: undefined is neither "Allow" nor "Deny"')
  const identityPolicies = [good]
  for (const malformed of [
    { ...request, principal: session({ identityPolicies: [good, bad] }) },
    { ...request, principal: session({ identityPolicies, permissionsBoundary: bad }) },
    { ...request, principal: session({ identityPolicies, sessionPolicies: [bad] }) },
    { ...request, principal: session({ identityPolicies }), resourcePolicy: bad },
    { ...request, principal: session({ identityPolicies }), resourcePolicy: { ...bad, kind: 'role trust' as const } },
  ]) {
    assert.throws(() => evaluate(malformed), error)
  }
})
