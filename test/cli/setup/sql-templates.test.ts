import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fillTemplate, pythonQuoting, sqlQuoting } from '../../../cli/setup/sql-templates.ts'
import { tokenize } from '../../../local/snowflake/engine/sql/index.ts'

const printable = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text))

test('SQL reads any quoted text unchanged', () => {
  fc.assert(
    fc.property(printable, printable, (name, url) => {
      const filled = fillTemplate(`USE "{{name}}" '{{url}}';`, { name, url }, sqlQuoting)
      assert.deepEqual(
        tokenize(filled).map(({ kind, text }) => [kind, text]),
        [
          ['word', 'USE'],
          ['quoted', name],
          ['string', url],
          ['symbol', ';'],
          ['end', '<EOF>'],
        ],
      )
    }),
  )
})

const hostile: readonly { readonly text: string; readonly inSql: string; readonly inPython: string }[] = [
  { text: `'; DROP ROLE x; --`, inSql: `'''; DROP ROLE x; --'`, inPython: `'\\'; DROP ROLE x; --'` },
  { text: `\\'`, inSql: `'\\\\'''`, inPython: `'\\\\\\''` },
  { text: 'end\\', inSql: `'end\\\\'`, inPython: `'end\\\\'` },
  { text: '{{other}}', inSql: `'{{other}}'`, inPython: `'{{other}}'` },
]

for (const { text, inSql, inPython } of hostile) {
  test(`${text} stays between its quotation marks`, () => {
    assert.equal(fillTemplate(`'{{text}}'`, { text, other: 'x' }, sqlQuoting), inSql)
    assert.equal(fillTemplate(`'{{text}}'`, { text, other: 'x' }, pythonQuoting), inPython)
  })
}

test('a fragment is inserted unchanged', () => {
  assert.equal(fillTemplate('f({{args}})', { args: { fragment: '"A" VARCHAR' } }, sqlQuoting), 'f("A" VARCHAR)')
  assert.equal(fillTemplate('f({{args}})', { args: { fragment: '' } }, sqlQuoting), 'f()')
})

const wrong = [
  {
    template: `'{{unknown}}'`,
    values: {},
    language: sqlQuoting,
    message: /no value for the placeholder \{\{unknown\}\}/,
  },
  { template: `'{{toString}}'`, values: {}, language: sqlQuoting, message: /no value for the placeholder/ },
  { template: '{{name}}', values: { name: 'x' }, language: sqlQuoting, message: /needs quotation marks/ },
  { template: `'{{name}}'`, values: { name: { fragment: 'x' } }, language: sqlQuoting, message: /is no text/ },
  {
    template: `'{{name}}/hello'`,
    values: { name: 'x' },
    language: sqlQuoting,
    message: /No placeholder of a known form/,
  },
  { template: `'{{name}}"`, values: { name: 'x' }, language: sqlQuoting, message: /No placeholder of a known form/ },
  { template: '{{ name }}', values: { name: 'x' }, language: sqlQuoting, message: /No placeholder of a known form/ },
  { template: '"{{name}}"', values: { name: 'x' }, language: pythonQuoting, message: /holds no placeholder here/ },
  { template: `'{{name}}'`, values: { name: '' }, language: sqlQuoting, message: /is empty/ },
  { template: `'{{name}}'`, values: { name: 'a\nb' }, language: sqlQuoting, message: /control characters/ },
  { template: `'{{name}}'`, values: { name: 'a$$b' }, language: pythonQuoting, message: /dollar quotes/ },
] as const

for (const { template, values, language, message } of wrong) {
  test(`rejected: ${template} with ${JSON.stringify(values)}`, () => {
    assert.throws(() => fillTemplate(template, values, language), message)
  })
}
