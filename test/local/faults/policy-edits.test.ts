import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rewritePolicy, withCondition, withoutResources } from '../../../local/faults/policy-edits.ts'

const policy = {
  name: 'policy',
  document: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['a:Get', 'a:Put'], Resource: ['one', 'two'] },
      { Effect: 'Allow', Action: 'a:List', Resource: 'one' },
    ],
  },
}

test('texts are changed wherever they stand, and taken out of lists', () => {
  const { name, document } = rewritePolicy(policy, (text) =>
    text === 'a:Put' ? undefined : text.replace('one', 'three'),
  )
  assert.equal(name, 'policy')
  assert.deepEqual(document, {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['a:Get'], Resource: ['three', 'two'] },
      { Effect: 'Allow', Action: 'a:List', Resource: 'three' },
    ],
  })
})

test('without a resource, no statement is left that had no other', () => {
  assert.deepEqual(withoutResources(policy, (resource) => resource === 'one').document, {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['a:Get', 'a:Put'], Resource: ['two'] }],
  })
})

test('every statement asks for one thing more', () => {
  const trust = { name: 'trust', document: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] } }
  assert.deepEqual(withCondition(trust, 'sts:ExternalId', 'secret').document, {
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } },
    ],
  })
})
