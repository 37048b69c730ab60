import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAge, clock, earliestFinish } from '../../../cli/keypair/earliest-finish.ts'

const since = new Date('2026-03-01T12:00:00.500Z')
const at = (minutes: number) => new Date(since.getTime() + minutes * 60_000)

test('the key before is waited for as long as shared/credentials may keep it', () => {
  assert.deepEqual(earliestFinish(since), at(15))
})

const ages: readonly (readonly [minutes: number, version: number, regardless: boolean, wait: string | undefined])[] = [
  [0, 2, false, '15 minutes'],
  [1, 2, false, '14 minutes'],
  [14.5, 7, false, 'a minute'],
  [15, 2, false, undefined],
  [60, 2, false, undefined],
  [0, 2, true, undefined],
  [0, 1, false, undefined],
]

test('a replacement is waited for, a first key and an order to go on at once are not', () => {
  for (const [minutes, version, regardless, wait] of ages) {
    const check = () => checkAge({ version, since }, regardless, at(minutes))
    if (wait === undefined) check()
    else
      assert.throws(
        check,
        new RegExp(`replaced at 2026-03-01 12:00:00 UTC: until 2026-03-01 12:15:00 UTC .*\nWait ${wait}\\.`),
      )
  }
})

test('a time is said to the second, in UTC', () => {
  assert.equal(clock(since), '2026-03-01 12:00:00 UTC')
})
