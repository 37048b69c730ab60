import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStatementReader, splitStatements } from '../../../cli/snowflake/sql-statements.ts'

const scripts: readonly (readonly [claim: string, script: string, statements: readonly string[]])[] = [
  ['several on a line', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
  ['the last one needs no semicolon', 'SELECT 1;\nSELECT 2\n', ['SELECT 1', 'SELECT 2']],
  ['nothing, blanks and comments are none', ';; \n-- SELECT 1;\n/* ; */', []],
  ['a comment stays before its statement', '-- first\nSELECT 1;\n-- last', ['-- first\nSELECT 1']],
  [
    'no semicolon of strings, names and bodies ends one',
    `SELECT ';' AS ";", $$;$$;x`,
    [`SELECT ';' AS ";", $$;$$`, 'x'],
  ],
  ['a URL is no comment', "SELECT 'https://a';SELECT 2", ["SELECT 'https://a'", 'SELECT 2']],
]

for (const [claim, script, statements] of scripts) {
  test(claim, () => assert.deepEqual(splitStatements(script), statements))
}

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
