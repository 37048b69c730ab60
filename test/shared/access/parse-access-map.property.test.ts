import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import {
  AccessMapError,
  callerRoleName,
  parseAccessMap,
  routesOf,
  trustedPrincipals,
} from '../../../shared/access/index.ts'
import { propertyRuns } from '../../property-runs.ts'
import { serviceMap } from '../../service-map.ts'

const shipped = readFileSync(serviceMap, 'utf8')

/** Fails unless the text is a map that follows the schema, or an AccessMapError with positions. */
const parseOutcome = (text: string): 'map' | 'rejected' => {
  try {
    for (const [stage, { callers }] of parseAccessMap(text)) {
      assert.match(stage, /^[a-z][a-z0-9]{0,15}$/)
      assert.ok(routesOf({ callers }).length > 0)
      for (const [name, caller] of callers) {
        assert.match(callerRoleName(stage, name), /^[a-z0-9-]{1,64}$/)
        assert.ok(!name.endsWith('-function'))
        for (const arn of trustedPrincipals(caller)) {
          assert.match(arn, /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/)
        }
        if (caller.kind === 'snowflake' && caller.iamUserArn) assert.ok(caller.externalIds.length > 0)
      }
    }
    return 'map'
  } catch (error) {
    if (!(error instanceof AccessMapError)) throw error
    assert.ok(error.problems.length > 0)
    assert.equal(error.message.split('\n').length, error.problems.length)
    const lines = text.split(/\r\n|\r|\n/).length
    for (const { line, column, message } of error.problems) {
      assert.ok(line >= 1 && line <= lines && column >= 1 && message.length > 0, `${line}:${column} of ${lines} lines`)
    }
    return 'rejected'
  }
}

const odd = fc.constantFrom(
  '\t',
  ':',
  ' ',
  '\n',
  '- ',
  '? ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '!!map ',
  '!x ',
  '|',
  '>',
  '"',
  "'",
  '#',
  '%',
  '---\n',
  '...\n',
  '\u0000',
  '\ufeff',
  '\ud800',
  '\r',
  '<<: ',
  '__proto__: ',
  'constructor: ',
  '~',
  '9e999',
  '*',
)

const mutation = fc.tuple(
  fc.nat(shipped.length),
  fc.nat(40),
  fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 8 })),
)

const mutated = fc
  .array(mutation, { minLength: 1, maxLength: 6 })
  .map((mutations) =>
    mutations.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), shipped),
  )

const word = fc.constantFrom(
  'callers',
  'routes',
  'principals',
  'direct',
  'iamUserArn',
  'externalIds',
  'dev',
  'analytics',
  '__proto__',
  'POST /hello',
  'GET  /hello',
  'INVOKE /hello',
  '*',
  'arn:aws:iam::222222222222:role/One',
  '',
  '\u0007',
  'x-function',
  'arn:aws:iam::999999999999:user/two',
  'ABC_SFCRole=2_x=',
)
const leaf = fc.oneof(word, fc.constantFrom(null, true, false, 0, -1, Number.NaN), fc.string())
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(word, tie('tree'), { maxKeys: 4 }),
  ),
}))

const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 })
const rarely = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 1, nil: undefined })
const routes = some('POST /hello', 'GET /hello', 'INVOKE /hello')

/** Maps that are mostly right, so that much is accepted as well. */
const caller = fc
  .oneof(
    fc.record({
      iamUserArn: rarely(fc.constantFrom('arn:aws:iam::999999999999:user/two', 'arn:aws:iam::999999999999:role/two')),
      externalIds: some('one', 'two'),
      routes,
    }),
    fc.record({ principals: some('arn:aws:iam::222222222222:role/One', 'arn:aws:iam::222222222222:user/two'), routes }),
    fc.record({ principals: some('arn:aws:iam::222222222222:role/One'), direct: fc.constant(true), routes }),
  )
  .chain((right) =>
    fc
      .option(fc.constantFrom('principals', 'externalIds', 'direct', 'routes', 'other'), { freq: 4, nil: undefined })
      .map((key) => (key === undefined ? right : { ...right, [key]: true })),
  )
const map = fc.dictionary(
  fc.constantFrom('dev', 'stg', 'prod'),
  fc.record({ callers: fc.dictionary(fc.constantFrom('one', 'two', 'three'), caller, { minKeys: 1, maxKeys: 2 }) }),
  { minKeys: 1, maxKeys: 2 },
)

const texts: readonly { readonly title: string; readonly text: fc.Arbitrary<string>; readonly runs: number }[] = [
  { title: 'text of any characters', text: fc.string({ unit: 'binary', maxLength: 200 }), runs: 2_000 },
  {
    title: 'YAML punctuation in any order',
    text: fc.array(odd, { maxLength: 40 }).map((parts) => parts.join('')),
    runs: 3_000,
  },
  { title: 'the shipped map, damaged', text: mutated, runs: 2_000 },
  { title: 'any tree of the keys of the map', text: tree.map((value) => stringify(value)), runs: 3_000 },
  { title: 'maps nearly right', text: map.map((value) => stringify(value)), runs: 2_000 },
]

for (const { title, text, runs } of texts) {
  test(`a map or an AccessMapError and nothing else: ${title}`, () => {
    fc.assert(
      fc.property(text, (one) => void parseOutcome(one)),
      { numRuns: propertyRuns(runs) },
    )
  })
}

test('enough almost valid maps are accepted and rejected, so that both are tested', () => {
  const outcomes = fc
    .sample(
      map.map((value) => stringify(value)),
      1_000,
    )
    .map(parseOutcome)
  for (const outcome of ['map', 'rejected']) assert.ok(outcomes.filter((one) => one === outcome).length > 50, outcome)
})

const deep = ['[', '{a: ', '- ', '? ', '{? ', '&a ', '!a ', '"', 'a:\n ', '[{']
for (const opening of deep) {
  test(`a map or an AccessMapError and nothing else: ${JSON.stringify(opening)} ten thousand times`, () => {
    assert.equal(parseOutcome(opening.repeat(10_000)), 'rejected')
  })
}
