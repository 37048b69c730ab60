import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { callerOf } from '../../../local/iam/access-request.ts'
import {
  type AccessRequest,
  type Decision,
  evaluate,
  PolicyError,
  type PolicyType,
  validatePolicy,
} from '../../../local/iam/index.ts'
import { runsInFull } from '../../property-runs.ts'
import {
  actionPattern,
  condition,
  effect,
  holdsFor,
  keys,
  names,
  pick,
  request,
  resourcePattern,
  some,
  textValue,
} from './generated-policies.ts'

describe('whatever stands where a policy should', () => {
  const types: readonly PolicyType[] = [
    'identity-based',
    'resource-based',
    'role trust',
    'permissions boundary',
    'session',
  ]
  const junk = fc.jsonValue({ maxDepth: 4 })
  const mutilated = fc
    .record({
      Version: fc.oneof(pick('2012-10-17'), junk),
      Statement: some(
        fc.record(
          {
            Sid: fc.oneof(pick('A', ''), junk),
            Effect: fc.oneof({ weight: 5, arbitrary: effect }, { weight: 1, arbitrary: junk }),
            Principal: fc.oneof(names, junk, fc.dictionary(pick('AWS', 'Service', 'Federated'), some(fc.string()))),
            Action: fc.oneof(some(actionPattern), fc.string(), junk),
            Resource: fc.oneof(
              some(resourcePattern),
              fc.string(),
              fc.string().map((text) => `arn:aws:app:::${text}`),
              junk,
            ),
            Condition: fc.oneof(
              condition,
              junk,
              fc.dictionary(
                pick(
                  'StringLike',
                  'ArnLike',
                  'IpAddress',
                  'NumericEquals',
                  'DateEquals',
                  'BinaryEquals',
                  'Null',
                  'Bool',
                ),
                fc.dictionary(fc.oneof(pick(...keys), fc.string()), some(fc.oneof(fc.string(), textValue, junk))),
              ),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    })
    .map((document) => ({ name: 'generated', document }))

  const onlyPolicyErrors = (run: () => Decision | undefined): Decision | undefined => {
    try {
      return run()
    } catch (error) {
      assert.ok(error instanceof PolicyError, String(error))
      assert.match(error.message, /^generated[,:]/)
      return undefined
    }
  }

  test('it is taken or rejected with a PolicyError, never anything else', () => {
    const outcomes = { taken: 0, rejected: 0 }
    holdsFor(
      fc.tuple(
        fc.oneof(
          mutilated,
          junk.map((document) => ({ name: 'generated', document })),
        ),
        request,
      ),
      ([policy, accessRequest]) => {
        for (const type of types) onlyPolicyErrors(() => void validatePolicy(policy, type))
        const resourcePolicy = { ...policy, kind: pickKind(accessRequest) }
        const first = onlyPolicyErrors(() => evaluate({ ...accessRequest, resourcePolicy }))
        outcomes[first ? 'taken' : 'rejected']++
        const caller = callerOf(accessRequest)
        const identityPolicies = [policy]
        if (caller) onlyPolicyErrors(() => evaluate({ ...accessRequest, principal: { ...caller, identityPolicies } }))
      },
      5_000,
    )
    const enough = runsInFull ? 100 : 1
    assert.ok(outcomes.taken > enough && outcomes.rejected > enough, JSON.stringify(outcomes))
  })

  test('any values in the request are compared, whatever they hold', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 3 }))
    holdsFor(
      fc.tuple(request, fc.dictionary(fc.oneof(pick(...keys), fc.string()), anything)),
      ([accessRequest, more]) => {
        try {
          evaluate({ ...accessRequest, context: more })
        } catch (error) {
          assert.ok(error instanceof PolicyError, String(error))
          assert.match(error.message, /the request holds several values/)
        }
      },
    )
  })
})

const pickKind = (accessRequest: AccessRequest): 'role trust' | 'resource-based' =>
  accessRequest.action.startsWith('sts:') ? 'role trust' : 'resource-based'
