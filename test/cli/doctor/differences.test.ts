import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from '../../../cli/doctor/derived/differences.ts'

for (const { claim, wanted, there, says } of [
  { claim: 'what is alike is not told', wanted: { a: [1, { b: 'c' }] }, there: { a: [1, { b: 'c' }] }, says: [] },
  {
    claim: 'a value is told with its place',
    wanted: { a: [{ b: 'c' }] },
    there: { a: [{ b: 'd' }] },
    says: ['x.a[0].b: the map has "c", deployed is "d"'],
  },
  {
    claim: 'what one of them lacks is nothing',
    wanted: { a: 1 },
    there: { b: [2] },
    says: ['x.a: the map has 1, deployed is nothing', 'x.b: the map has nothing, deployed is [2]'],
  },
  {
    claim: 'a text is another thing than a list of it',
    wanted: ['a'],
    there: 'a',
    says: ['x: the map has ["a"], deployed is "a"'],
  },
  {
    claim: 'a key named __proto__ is a key',
    wanted: JSON.parse('{"__proto__": 1}'),
    there: {},
    says: ['x.__proto__: the map has 1, deployed is nothing'],
  },
  {
    claim: 'a long value is cut',
    wanted: 'y'.repeat(500),
    there: 1,
    says: [`x: the map has "${'y'.repeat(119)}…, deployed is 1`],
  },
]) {
  test(claim, () => assert.deepEqual(differences(wanted, there, 'x'), says))
}
