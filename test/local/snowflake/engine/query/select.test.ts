import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEngineWithApi } from '../../engine-with-api.ts'

type Rows = readonly (readonly (string | null)[])[]

const names = `(VALUES ('Alice', 30), ('Bob', NULL), ('Carol', 25)) AS t(name, age)`

const cases: readonly { readonly sql: string; readonly rows: Rows; readonly columns?: readonly string[] }[] = [
  {
    sql: `SELECT 1, 1.50, .5, 1e3, 'it''s', TRUE, NULL`,
    rows: [['1', '1.50', '0.5', '1000', "it's", 'true', null]],
    columns: [
      '1 NUMBER(1,0)',
      '1.50 NUMBER(3,2)',
      '.5 NUMBER(1,1)',
      '1E3 FLOAT',
      "'IT''S' VARCHAR(134217728)",
      'TRUE BOOLEAN',
      'NULL VARCHAR(134217728)',
    ],
  },
  { sql: String.raw`SELECT 'a\tb\\n\x41\u00e9\''`, rows: [["a\tb\\nAé'"]] },
  { sql: `SELECT $$it's "raw" \\n$$`, rows: [[`it's "raw" \\n`]] },
  {
    sql: 'SELECT 12345678901234567890123456789012345677 + 1, 0.1 + 0.2, 1.10 * 1.1, -(-5) - 7',
    rows: [['12345678901234567890123456789012345678', '0.3', '1.210', '-2']],
  },
  { sql: 'SELECT 1 + 2 * 3, (1 + 2) * 3, 1.5::FLOAT + 1', rows: [['7', '9', '2.5']] },
  {
    sql: `SELECT 2.5::INT, -2.5::NUMBER(10,0), '1e2'::NUMBER, CAST('0.125' AS NUMBER(10, 2)), TRUE::INT, 'no'::BOOLEAN`,
    rows: [['3', '-3', '100', '0.13', '1', 'false']],
  },
  {
    sql: `SELECT 'a' || 1 || NULL, 'a' || 1.0, CONCAT('a', 'b', 1), UPPER('aé'), LOWER('AÉ'), LENGTH('💥é')`,
    rows: [[null, 'a1.0', 'ab1', 'AÉ', 'aé', '2']],
  },
  { sql: `SELECT name FROM ${names}`, rows: [['Alice'], ['Bob'], ['Carol']], columns: ['NAME VARCHAR(134217728)'] },
  {
    sql: `SELECT t.*, age + 1 AS "Next" FROM ${names} WHERE age > 20 AND NOT name = 'Alice'`,
    rows: [['Carol', '25', '26']],
    columns: ['NAME VARCHAR(134217728)', 'AGE NUMBER(2,0)', 'Next NUMBER(38,0)'],
  },
  { sql: `SELECT name FROM ${names} ORDER BY age DESC, name LIMIT 2`, rows: [['Bob'], ['Alice']] },
  { sql: `SELECT name n FROM ${names} ORDER BY n DESC`, rows: [['Carol'], ['Bob'], ['Alice']] },
  {
    sql: `SELECT age, name FROM ${names} ORDER BY 1`,
    rows: [
      ['25', 'Carol'],
      ['30', 'Alice'],
      [null, 'Bob'],
    ],
  },
  { sql: `SELECT name FROM ${names} WHERE age IS NULL OR age <> 30`, rows: [['Bob'], ['Carol']] },
  {
    sql: `SELECT NULL AND FALSE, NULL OR TRUE, NULL AND TRUE, NOT NULL, NULL = NULL, 1 IS NOT NULL`,
    rows: [['false', 'true', null, null, null, 'true']],
  },
  {
    sql: `SELECT COUNT(*), COUNT(age), SUM(age), MIN(name), MAX(age) + 1 FROM ${names}`,
    rows: [['3', '2', '55', 'Alice', '31']],
  },
  { sql: `SELECT COUNT(*), SUM(age) FROM ${names} WHERE FALSE`, rows: [['0', null]] },
  {
    sql: 'SELECT SUM(n), MAX(n) FROM (SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 10000)))',
    rows: [['49995000', '9999']],
  },
  {
    sql: 'SELECT * FROM VALUES (1, 2.5), (3.25, 4)',
    rows: [
      ['1.00', '2.5'],
      ['3.25', '4.0'],
    ],
    columns: ['COLUMN1 NUMBER(3,2)', 'COLUMN2 NUMBER(2,1)'],
  },
  { sql: 'SELECT $2, $1 FROM VALUES (1, 2)', rows: [['2', '1']] },
  {
    sql: `SELECT v:a.b[1], v:a['B']::VARCHAR, v:none, v:a.b[9], TYPEOF(v:a) FROM (SELECT PARSE_JSON('{"a": {"b": [1, 2.50], "B": "x"}}') AS v)`,
    rows: [['2.50', 'x', null, null, 'OBJECT']],
  },
  {
    sql: `SELECT OBJECT_CONSTRUCT('a', 1, 'b', NULL), ARRAY_CONSTRUCT('x', 1.0, NULL), TO_VARIANT('x'), TO_VARIANT('x')::VARCHAR`,
    rows: [['{"a":1}', '["x",1.0,null]', '"x"', 'x']],
  },
  {
    sql: `SELECT COALESCE(NULL, 'a'), TO_JSON(PARSE_JSON(' {"a" : 1 } ')), TO_VARCHAR(1.50)`,
    rows: [['a', '{"a":1}', '1.50']],
  },
  {
    sql: `SELECT '2026-01-15 10:11:12'::TIMESTAMP < '2026-01-15'::DATE::TIMESTAMP, '2026-01-15 01:00:00 +0100'::TIMESTAMP_TZ = '2026-01-15 00:00:00Z'::TIMESTAMP_TZ`,
    rows: [['false', 'true']],
  },
  {
    sql: 'SELECT CURRENT_DATE, CURRENT_TIMESTAMP(), CURRENT_REGION(), CURRENT_DATABASE()',
    rows: [['2026-01-15', '2026-01-15 10:11:12.000 +0000', 'AWS_EU_CENTRAL_1', 'SNOWGATE']],
  },
  { sql: `SET who = 'Al' || 'ice'; SELECT $who`, rows: [['Alice']] },
]

test('a query gives exact values under the names and types of Snowflake', async (context) => {
  await using engine = await startEngineWithApi()
  for (const { sql, rows, columns } of cases) {
    await context.test(sql.slice(0, 80), async () => {
      const result = (await engine.run(sql)).at(-1)
      assert.deepEqual(result?.rows, rows)
      if (columns)
        assert.deepEqual(
          result?.columns.map(({ name, type }) => `${name} ${type}`),
          columns,
        )
    })
  }
})
