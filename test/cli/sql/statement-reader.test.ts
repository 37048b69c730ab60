import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStatementReader } from '../../../cli/sql/index.ts'

const sessions: readonly (readonly [claim: string, lines: readonly string[], statements: readonly string[]])[] = [
  ['a line is a statement', ['SELECT 1;'], ['SELECT 1;\n']],
  ['a statement spans lines', ['SELECT', '1;'], ['SELECT\n1;\n']],
  [
    'blanks and a comment may follow the end',
    ['SELECT 1;  -- one', 'SELECT 2; /* two */'],
    ['SELECT 1;  -- one\n', 'SELECT 2; /* two */\n'],
  ],
  ['a semicolon in a string does not end', ["SELECT ';", "';"], ["SELECT ';\n';\n"]],
  [
    'a doubled or escaped quote does not end the string',
    ["SELECT 'it''s;", "\\';", "';"],
    ["SELECT 'it''s;\n\\';\n';\n"],
  ],
  ['a semicolon in a quoted name does not end', ['SELECT 1 AS ";', '";'], ['SELECT 1 AS ";\n";\n']],
  [
    'a semicolon in a $$ body does not end',
    ['CREATE FUNCTION f() AS $$', "x = ';';", '$$;'],
    ["CREATE FUNCTION f() AS $$\nx = ';';\n$$;\n"],
  ],
  ['a semicolon in a comment does not end', ['SELECT 1 -- ;', '/* ;', '; */ ;'], ['SELECT 1 -- ;\n/* ;\n; */ ;\n']],
  [
    'a comment that is still open keeps what stands before it',
    ['SELECT 1; /* and', 'so on */'],
    ['SELECT 1; /* and\nso on */\n'],
  ],
]

for (const [claim, lines, statements] of sessions) {
  test(claim, () => {
    const reader = createStatementReader()
    assert.deepEqual(
      lines.map(reader.add).filter((statement) => statement !== undefined),
      statements,
    )
    assert.equal(reader.isOpen(), false)
  })
}

test('what was begun can be thrown away', () => {
  const reader = createStatementReader()
  reader.add("SELECT '")
  assert.equal(reader.isOpen(), true)
  reader.clear()
  assert.equal(reader.add('SELECT 1;'), 'SELECT 1;\n')
})
