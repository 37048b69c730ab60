import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { explain } from '../../../cli/explain/explain.ts'
import { renderExplanations } from '../../../cli/explain/render-explanation.ts'
import { allMessages } from '../../../shared/diagnoses/index.ts'
import { toPattern } from '../../../shared/diagnoses/message-placeholders.ts'
import { examples } from '../../shared/diagnoses/examples/index.ts'

const words = examples.flatMap(({ text }) => text.split(/(?<= )/))
const noise = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...examples.map(({ text }) => text)),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\u001b[31m', '&quot;', '\\n', '\\\\u0027', '│ ', '\n', '<', '…', '390144', 'code: '),
)

test('whatever is pasted, explain answers', () => {
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 40 }), (pieces) => {
      for (const { summary, causes } of explain(pieces.join(''))) {
        assert.ok(summary.length > 0)
        assert.ok(causes.every(({ fix }) => fix.length > 0))
      }
    }),
    { numRuns: 300 },
  )
})

// The keys of the examples in AWS's documentation, and a token and a key of no use.
const secrets = [
  'AKIAIOSFODNN7EXAMPLE',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  `FwoGZXIvYXdzE${'Ab1/'.repeat(40)}==`,
  'Signature=60fd5d815d32c752248265e89ef41f9a7c93b86502894cabfe727cc1ea3c1cc9',
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n-----END PRIVATE KEY-----',
]

test('secrets in what is pasted are in no answer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...examples.map(({ text }) => text)), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...secrets),
      fc.nat(),
      (texts, secret, at) => {
        const text = texts.join('\n')
        // Between two words: within one, it would be the name of something.
        const places = [...text.matchAll(/(?<=\s)|$/g)].map(({ index }) => index)
        const location = places[at % places.length] ?? 0
        const answer = renderExplanations(explain(`${text.slice(0, location)}${secret} ${text.slice(location)}`))
        for (const line of secret.split('\n')) assert.ok(!answer.includes(line))
      },
    ),
    { numRuns: 500 },
  )
})

/** Texts that begin as the words do, again and again, and never end so; with everything variable as long as can be. */
const nearly = (phrase: string): readonly string[] => {
  const stretched = (filling: string) => phrase.replace(/<[a-z]+>|…/g, filling.repeat(600 / filling.length))
  return ['a', 'a-', 'a/', '1', 'aws:', '.', ':', '{'].flatMap((filling) => {
    const text = stretched(filling)
    return [text.slice(0, -1), text.slice(0, text.length / 2)].map((part) => part.repeat(100_000 / (part.length + 1)))
  })
}

// A pattern that backtracks without end would not come to one within the time of the test run.
test('no text keeps a pattern busy', () => {
  for (const phrase of allMessages.flatMap(({ messages }) => messages).flatMap(({ phrases = [] }) => phrases)) {
    for (const text of nearly(phrase)) assert.doesNotThrow(() => [...text.matchAll(toPattern(phrase))])
  }
})

test('no text keeps explain busy', () => {
  const pieces = [
    '\\',
    '\\u',
    '&#',
    '&',
    '\u001b[',
    '\u001b]8;;',
    ' at ',
    '  File "',
    '> ',
    '{"',
    '": ',
    '1 ',
    '<',
    'code 390144',
    'User: arn:aws:sts::',
    'a-a.',
    'x.snowflakecomputing.',
    '{"message":"Forbidden"}',
  ]
  for (const piece of pieces) explain(piece.repeat(200_000 / piece.length))
})
