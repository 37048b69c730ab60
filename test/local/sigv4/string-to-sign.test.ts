import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readImfFixdate, readIsoBasic, secondsLater, timestampOf } from '../../../local/sigv4/string-to-sign.ts'

test('a moment is read, written and moved to the second', () => {
  const timestamp = readIsoBasic('20260228T235959Z')
  assert.ok(timestamp)
  assert.deepEqual(timestamp, { text: '20260228T235959Z', day: '20260228', seconds: 1_772_323_199 })
  assert.equal(secondsLater(timestamp, 1).text, '20260301T000000Z')
  assert.equal(timestampOf(new Date('2026-02-28T23:59:59.999Z')).text, '20260228T235959Z')
})

for (const text of [
  '20260230T000000Z',
  '20250229T000000Z',
  '20261301T000000Z',
  '20260100T000000Z',
  '20260115T240000Z',
  '20260115T106000Z',
  '20260115T101060Z',
  '00500115T101112Z',
  '20260115t101112z',
  '20260115T101112',
  ' 20260115T101112Z',
  '2026-01-15T10:11:12Z',
  '20260115T101112.0Z',
  '20260115T101112+0000',
  '20260115',
  '',
  'NaN',
  '٢٠٢٦٠١١٥T101112Z',
]) {
  test(`${JSON.stringify(text)} is no date in ISO basic form`, () => {
    assert.equal(readIsoBasic(text), undefined)
  })
}

test('HTTP’s own form is read, with its weekday checked', () => {
  assert.equal(readImfFixdate('Thu, 15 Jan 2026 10:11:12 GMT')?.text, '20260115T101112Z')
  for (const text of ['Wed, 15 Jan 2026 10:11:12 GMT', 'Thu, 15 Jan 2026 10:11:12 +0000', '15 Jan 2026 10:11:12 GMT'])
    assert.equal(readImfFixdate(text), undefined)
  for (const text of ['Mon, 30 Feb 2026 10:11:12 GMT', 'Thursday, 15-Jan-26 10:11:12 GMT', '2026-01-15', '0', ''])
    assert.equal(readImfFixdate(text), undefined)
})
