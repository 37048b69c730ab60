import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LocalLimitError, SnowflakeError } from '../../../../../local/snowflake/engine/snowflake-error.ts'
import { createCursor, parseStatement, tokenize } from '../../../../../local/snowflake/engine/sql/index.ts'
import { jsonText, parseJson } from '../../../../../local/snowflake/engine/values/index.ts'
import { propertyRuns } from '../../../../property-runs.ts'
import { hello, integration, startEngineWithApi } from '../../engine-with-api.ts'

const statementsIn = (sql: string): number => {
  const cursor = createCursor(sql, tokenize(sql))
  let count = 0
  while (parseStatement(cursor)) count += 1
  return count
}

/** Fails on any error that is not an error of the SQL. */
const assertSqlError = (read: () => unknown): void => {
  try {
    read()
  } catch (error) {
    if (!(error instanceof SnowflakeError || error instanceof LocalLimitError)) throw error
    assert.ok(error.message.length > 0)
  }
}

const fragments =
  `SELECT FROM WHERE ORDER BY LIMIT AS VALUES TABLE GENERATOR ROWCOUNT => CREATE OR REPLACE API INTEGRATION EXTERNAL FUNCTION
  RETURNS VARIANT NUMBER(38,0) NOT NULL STRICT HEADERS = ( ) , ; . : :: [ ] 'a' 'it''s' "Q" $$x$$ $1 $v 1 1.5 .5 1e9 1e999999999
  99999999999999999999999999999999999999999 + - * || < <> IS AND OR hello( COUNT(*) x t.* DESC DROP ALTER SET USE SHOW GRANT
  -- /* */ // \n ' " $$ { } @ ? \\ CAST( PARSE_JSON( __proto__ ENABLED=TRUE`.split(/[ \n]+/)

const randomTokens = fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((words) => words.join(' '))
const mutatedSql = fc
  .tuple(
    fc.constantFrom(
      integration,
      hello('MAX_BATCH_ROWS = 5'),
      `SELECT v:a.b[0]::INT FROM (VALUES ('x', 1)) AS t(v) ORDER BY 1`,
    ),
    fc.nat(),
    fc.nat(9),
    fc.string({ maxLength: 4, unit: 'binary' }),
  )
  .map(([text, at, length, instead]) => {
    const start = at % text.length
    return text.slice(0, start) + instead + text.slice(start + length)
  })

test('no text makes the lexer or the parser fail in a way of its own', () => {
  fc.assert(
    fc.property(fc.oneof(randomTokens, mutatedSql, fc.string({ unit: 'binary', maxLength: 60 })), (sql) =>
      assertSqlError(() => statementsIn(sql)),
    ),
    { numRuns: propertyRuns(3_000) },
  )
})

test('no text makes a session fail in a way of its own', async () => {
  await using engine = await startEngineWithApi()
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomTokens, mutatedSql), async (sql) => {
      const outcome = await engine.run(sql).catch((error: unknown) => error)
      assertSqlError(() => {
        if (outcome instanceof Error) throw outcome
      })
    }),
    { numRuns: propertyRuns(1_000) },
  )
})

test('a string literal gives back any text', async () => {
  await using engine = await startEngineWithApi()
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 50 }), async (text) => {
      assert.deepEqual(await engine.rows(`SELECT '${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}' /* ' */`), [
        [text],
      ])
    }),
  )
})

test('statements are counted by the semicolons that are none of a text, a name or a comment', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(`SELECT ';'`, 'SELECT 1 AS ";"', 'SELECT $$;$$', '-- ;\nSELECT 1', 'SELECT /* ; */ 1'), {
        minLength: 1,
      }),
      (list) => {
        assert.equal(statementsIn(list.join(';\n')), list.length)
      },
    ),
  )
})

test('JSON goes through unchanged, numbers with every digit up to 38', () => {
  const digits = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map(String)
  fc.assert(
    fc.property(digits, (number) =>
      assert.equal(jsonText(parseJson(`{"a":[${number},"x"]}`)), `{"a":[${number},"x"]}`),
    ),
  )
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.deepEqual(JSON.parse(jsonText(parseJson(JSON.stringify(value)))), JSON.parse(JSON.stringify(value))),
    ),
  )
})
