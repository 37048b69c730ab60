import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from '../../../shared/access/nearest.ts'

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

for (const [mistyped, meant] of cases) {
  test(`${JSON.stringify(mistyped)} is taken for ${meant ?? 'nothing known'}`, () => {
    assert.equal(nearest(mistyped, keys), meant)
  })
}
