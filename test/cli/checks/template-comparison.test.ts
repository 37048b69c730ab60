import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from '../../../cli/checks/template-comparison.ts'

for (const { claim, expected, deployed, lines } of [
  { claim: 'equal values have no line', expected: { a: [1, { b: 'c' }] }, deployed: { a: [1, { b: 'c' }] }, lines: [] },
  {
    claim: 'a line has the path of the value',
    expected: { a: [{ b: 'c' }] },
    deployed: { a: [{ b: 'd' }] },
    lines: ['x.a[0].b: expected "c", deployed "d"'],
  },
  {
    claim: 'a missing value is printed as nothing',
    expected: { a: 1 },
    deployed: { b: [2] },
    lines: ['x.a: expected 1, deployed nothing', 'x.b: expected nothing, deployed [2]'],
  },
  {
    claim: 'a string differs from a list with that string',
    expected: ['a'],
    deployed: 'a',
    lines: ['x: expected ["a"], deployed "a"'],
  },
  {
    claim: 'a key named __proto__ is compared',
    expected: JSON.parse('{"__proto__": 1}'),
    deployed: {},
    lines: ['x.__proto__: expected 1, deployed nothing'],
  },
  {
    claim: 'a long value is cut',
    expected: 'y'.repeat(500),
    deployed: 1,
    lines: [`x: expected "${'y'.repeat(119)}…, deployed 1`],
  },
]) {
  test(claim, () => assert.deepEqual(differences(expected, deployed, 'x'), lines))
}
