import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { evaluate } from '../../../local/iam/index.ts'
import { compilePattern, matchesPattern, type PatternPiece } from '../../../local/iam/policy-wildcards.ts'
import { propertyRuns } from '../../property-runs.ts'
import { home, policy, session } from './cases/test-principals.ts'

const piecesOf = (pattern: string): PatternPiece[] =>
  [...pattern].map((character) => (character === '*' || character === '?' ? { wildcard: character } : character))

const matches = (pattern: string, text: string) => matchesPattern(compilePattern(piecesOf(pattern)), text)

/** The definition, read aloud: slow, and plainly right. */
const matchesNaively = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern.startsWith('*')) {
    return matchesNaively(rest, text) || (text !== '' && matchesNaively(pattern, text.slice(1)))
  }
  return text !== '' && (pattern.startsWith('?') || pattern[0] === text[0]) && matchesNaively(rest, text.slice(1))
}

const few = (characters: string, maxLength: number) =>
  fc.array(fc.constantFrom(...characters), { maxLength }).map((list) => list.join(''))

describe('wildcards', () => {
  test('agree with the plain reading of the definition', () => {
    fc.assert(
      fc.property(few('ab*?', 8), few('ab', 10), (pattern, text) => {
        assert.equal(matches(pattern, text), matchesNaively(pattern, text))
      }),
      { numRuns: propertyRuns(20_000) },
    )
  })

  test('take a text made from the pattern', () => {
    const piece = fc.oneof(few('ab/:', 3), fc.constant('*'), fc.constant('?'))
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, few('ab/:', 4)), { maxLength: 12 }), (parts) => {
        const pattern = parts.map(([part]) => part).join('')
        const text = parts.map(([part, filling]) => (part === '*' ? filling : part === '?' ? 'x' : part)).join('')
        assert.ok(matches(pattern, text), `${pattern} should take ${text}`)
      }),
      { numRuns: propertyRuns(5_000) },
    )
  })

  test('in literal text are characters', () => {
    assert.ok(matchesPattern(compilePattern(['a*?']), 'a*?'))
    assert.ok(!matchesPattern(compilePattern(['a*?']), 'abc'))
  })

  // Where a matcher backtracks over every star, any of these takes longer than the universe has.
  const hostile = [
    ['a star between all letters', '*a'.repeat(2_000), `${'a'.repeat(5_000)}b`],
    ['stars and question marks', '*?a'.repeat(1_000), `${'a'.repeat(5_000)}b`],
    ['nothing but stars', '*'.repeat(10_000), 'a'.repeat(5_000)],
    ['a long run that never ends', `*${'a'.repeat(2_000)}?b`, 'a'.repeat(5_000)],
  ] as const
  for (const [title, pattern, text] of hostile) {
    test(`return for ${title}`, () => {
      assert.equal(matches(pattern, text), pattern.endsWith('*'))
    })
  }

  test('return for a hostile pattern in action, resource and condition', () => {
    const star = '*a'.repeat(500)
    const identityPolicies = [
      policy('hostile', {
        Effect: 'Allow',
        Action: [`app:${star}`, 'app:*'],
        Resource: [`arn:aws:app:${star}:${star}:${star}`, '*'],
        Condition: {
          StringLike: { 'app:Key': [star, `${star}\${aws:PrincipalArn}`, '*'] },
          ArnLike: { 'app:Arn': [`arn:aws:app:${star}:${star}:${star}`, '*'] },
        },
      }),
    ]
    const text = `${'a'.repeat(3_000)}b`
    const arn = `arn:aws:app:${text}:${text}:${text}`
    const decision = evaluate({
      principal: session({ identityPolicies }),
      action: `app:${text}`,
      resource: arn,
      resourceAccount: home,
      context: { 'app:Key': text, 'app:Arn': arn },
    })
    assert.ok(decision.allowed)
  })
})
