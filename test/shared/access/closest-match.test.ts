import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closestMatch } from '../../../shared/access/closest-match.ts'

const keys = ['iamUserArn', 'externalIds', 'principals', 'direct', 'routes']

const cases: readonly (readonly [string, string | undefined])[] = [
  ['externalId', 'externalIds'],
  ['route', 'routes'],
  ['Principals', 'principals'],
  ['iamUserARN', 'iamUserArn'],
  ['prinicpal', 'principals'],
  ['colour', undefined],
  ['', undefined],
  ['e'.repeat(65), undefined],
]

for (const [mistyped, expected] of cases) {
  test(`${JSON.stringify(mistyped)} matches ${expected ?? 'no key'}`, () => {
    assert.equal(closestMatch(mistyped, keys), expected)
  })
}
