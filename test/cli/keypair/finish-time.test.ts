import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkKeyAge, earliestFinish, utcTime } from '../../../cli/keypair/finish-time.ts'

const storedAt = new Date('2026-03-01T12:00:00.500Z')
const at = (minutes: number) => new Date(storedAt.getTime() + minutes * 60_000)

test('the previous key is in use as long as the key pair reader may cache it', () => {
  assert.deepEqual(earliestFinish(storedAt), at(15))
})

const ages: readonly (readonly [minutes: number, version: number, ignoreAge: boolean, wait: string | undefined])[] = [
  [0, 2, false, '15 minutes'],
  [1, 2, false, '14 minutes'],
  [14.5, 7, false, '1 minute'],
  [15, 2, false, undefined],
  [60, 2, false, undefined],
  [0, 2, true, undefined],
  [0, 1, false, undefined],
]

test('a replaced key must be 15 minutes old; a first key and --now need no wait', () => {
  for (const [minutes, version, ignoreAge, wait] of ages) {
    const check = () => checkKeyAge({ version, storedAt }, ignoreAge, at(minutes))
    if (wait === undefined) check()
    else
      assert.throws(
        check,
        new RegExp(`replaced at 2026-03-01 12:00:00 UTC\\..* until 2026-03-01 12:15:00 UTC\\.\nWait ${wait}\\.`),
      )
  }
})

test('a time is printed to the second, in UTC', () => {
  assert.equal(utcTime(storedAt), '2026-03-01 12:00:00 UTC')
})
