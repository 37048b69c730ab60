import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { callerKeys } from '../../../shared/access/caller-schema.ts'
import { parseAccessMap, routeTable } from '../../../shared/access/index.ts'
import { snowflakeKeys } from '../../../shared/access/snowflake-login-schema.ts'

const reference = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'access-map.md'), 'utf8')

test('every map in the reference is accepted', () => {
  const maps = [...reference.matchAll(/```yaml\n(.*?)```/gs)].map(([, map = '']) => map)
  assert.ok(maps.length >= 2)
  for (const map of maps) parseAccessMap(map)
})

const tables = [
  { heading: 'Keys of a caller', keys: callerKeys },
  { heading: 'Keys of snowflake', keys: snowflakeKeys },
]

for (const { heading, keys } of tables) {
  test(`the reference has a row for all of "${heading}", and for no other key`, () => {
    const [, table = ''] = new RegExp(`## ${heading}\n(.*?)\n## `, 's').exec(reference) ?? []
    const rows = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/\w+/g) ?? [],
    )
    assert.deepEqual(rows.sort(), [...keys].sort())
  })
}

test('the reference names every route', () => {
  for (const { path, methods } of routeTable) {
    for (const method of [...methods, 'INVOKE'])
      assert.ok(reference.includes(`\`${method} ${path}\``), `${method} ${path}`)
  }
})
