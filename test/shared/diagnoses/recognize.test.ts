import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allMessages, recognize } from '../../../shared/diagnoses/index.ts'
import { normalizeWhitespace, toPattern } from '../../../shared/diagnoses/message-placeholders.ts'
import { examples } from './examples/index.ts'

const recognized = examples.map(({ text, codes }) => recognize({ text, ...(codes && { codes }) }, allMessages))

for (const [index, { system, text, codes, causes }] of examples.entries()) {
  const title = [codes?.join(' '), text].filter(Boolean).join(' ').replace(/\s+/g, ' ').slice(0, 110)
  // One message, and none of another system.
  test(`${title} is a message of ${system}, with the cause ${causes[0]}`, () => {
    assert.deepEqual(
      recognized[index]?.map((finding) => ({
        system: finding.system,
        causes: finding.message.causes.slice(0, causes.length),
      })),
      [{ system, causes }],
    )
  })
}

test('there is an example for every row', () => {
  const reached = new Set(recognized.flat().map(({ message }) => message))
  const others = allMessages.flatMap(({ messages }) => messages).filter((message) => !reached.has(message))
  assert.deepEqual(others, [])
})

test('there is an example for every phrase', () => {
  const lines = examples.map(({ text }) => normalizeWhitespace(text))
  const phrases = allMessages.flatMap(({ messages }) => messages).flatMap(({ phrases = [] }) => phrases)
  const others = phrases.filter((phrase) => !lines.some((line) => toPattern(phrase).test(line)))
  assert.deepEqual(others, [])
})
