import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitStatements } from '../../../cli/sql/index.ts'

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
