import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allTexts, causes, fill, loginTexts, recognise } from '../../../shared/diagnoses/index.ts'

const all = Object.entries(causes)

test('ids are words with hyphens', () => {
  assert.deepEqual(
    all.map(([id]) => id).filter((id) => !/^[a-z]+(-[a-z]+)+$/.test(id)),
    [],
  )
})

test('each cause says what is broken in one sentence, how it is told, and what mends it', () => {
  for (const [id, { what, tell, mend }] of all) {
    assert.match(what, /^[A-Za-z].*\.$/, id)
    assert.doesNotMatch(what, /[.!?] [A-Z]/, `${id} has more than one sentence`)
    assert.ok(tell.length > 20 && mend.length > 10, id)
  }
})

test('no two causes are broken in the same way', () => {
  assert.equal(new Set(all.map(([, { what }]) => what)).size, all.length)
})

// What mends is printed into answers and pages, and pasted back from there.
test('a cause is not taken for an error itself', () => {
  const found = all.flatMap(([id, { what, tell, mend }]) =>
    recognise({ text: [what, tell, mend].join('\n') }, allTexts).map(({ text }) => `${id}: ${text.means}`),
  )
  assert.deepEqual(found, [])
})

test('every code without words of its own is one row’s, or others single it out', () => {
  const rows = allTexts.flatMap(({ texts }) => texts).filter(({ says, beside }) => says === undefined && !beside)
  const codes = rows.flatMap(({ codes = [] }) => codes)
  assert.deepEqual(
    codes.filter((code, index) => codes.indexOf(code) !== index),
    [],
  )
})

test('a login can fail with nothing that is not known of everything else', () => {
  assert.deepEqual(
    loginTexts.filter((texts) => !allTexts.includes(texts)),
    [],
  )
})

const filled: readonly (readonly [template: string, values: Record<string, string>, text: string])[] = [
  ['GRANT ROLE <grant> TO USER <user>', { grant: 'ANALYST' }, 'GRANT ROLE ANALYST TO USER <user>'],
  ['SNOWGATE_<STAGE>_<CALLER>', { stage: 'dev', caller: 'snow-flake' }, 'SNOWGATE_DEV_SNOW_FLAKE'],
  ['snowgate-<stage>-<caller>', { stage: 'dev', caller: 'snow-flake' }, 'snowgate-dev-snow-flake'],
  ['<toString> <__proto__>', {}, '<toString> <__proto__>'],
]

for (const [template, values, text] of filled) {
  test(`${template} with ${JSON.stringify(values)} is ${text}`, () => {
    assert.equal(fill(template, values), text)
  })
}
