import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allTexts, recognise } from '../../../shared/diagnoses/index.ts'
import { onOneLine, patternOf } from '../../../shared/diagnoses/placeholders.ts'
import { examples } from './examples/index.ts'

const found = examples.map(({ text, codes }) => recognise({ text, ...(codes && { codes }) }, allTexts))

for (const [index, { system, text, codes, causes }] of examples.entries()) {
  const title = [codes?.join(' '), text].filter(Boolean).join(' ').replace(/\s+/g, ' ').slice(0, 110)
  // One finding, and no second one by another system.
  test(`${title} is ${system}’s, and means ${causes[0]}`, () => {
    assert.deepEqual(
      found[index]?.map((finding) => ({ system: finding.system, causes: finding.text.causes.slice(0, causes.length) })),
      [{ system, causes }],
    )
  })
}

test('there is an example for every row', () => {
  const reached = new Set(found.flat().map(({ text }) => text))
  const others = allTexts.flatMap(({ texts }) => texts).filter((text) => !reached.has(text))
  assert.deepEqual(others, [])
})

test('there is an example for every phrase', () => {
  const lines = examples.map(({ text }) => onOneLine(text))
  const phrases = allTexts.flatMap(({ texts }) => texts).flatMap(({ says = [] }) => says)
  const others = phrases.filter((says) => !lines.some((line) => patternOf(says).test(line)))
  assert.deepEqual(others, [])
})
