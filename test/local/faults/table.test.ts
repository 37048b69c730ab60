import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faults, unsupportedFaults } from '../../../local/faults/index.ts'
import { causes } from '../../../shared/diagnoses/index.ts'
import * as groups from '../../faults/fault-groups.ts'
import { symptoms } from '../../faults/symptoms.ts'

test('every cause is either a fault that can be set up here, or has a reason why not', () => {
  assert.deepEqual([...Object.keys(faults), ...Object.keys(unsupportedFaults)].sort(), Object.keys(causes).sort())
})

test('more than thirty of them are faults', () => {
  assert.ok(Object.keys(faults).length > 30)
})

test('a fault breaks one kind of thing', () => {
  for (const [name, fault] of Object.entries(faults)) {
    const kinds = Object.keys(fault).filter((kind) => kind !== 'prerequisites')
    assert.equal(kinds.length, 1, `${name}: ${kinds}`)
  }
})

test('of every fault it is known how it shows', () => {
  assert.deepEqual(Object.keys(symptoms).sort(), Object.keys(faults).sort())
})

test('every fault is in one of the groups that are injected into a stack', () => {
  const { plainFaults, tokenFaults, storedKeyFaults, unansweredFaults, stoppedFault } = groups
  const all = [...plainFaults, ...tokenFaults, ...storedKeyFaults, ...unansweredFaults, stoppedFault]
  assert.deepEqual(all.sort(), Object.keys(faults).sort())
})

test('a reason is a sentence', () => {
  for (const [name, reason] of Object.entries(unsupportedFaults)) assert.match(reason, /^[A-Z].{15,}\.$/, name)
})
