import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { callerKeys } from '../../../shared/access/caller-schema.ts'
import { parseAccessMap, routeTable } from '../../../shared/access/index.ts'

const reference = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'access-map.md'), 'utf8')

test('every map in the reference is accepted', () => {
  const maps = [...reference.matchAll(/```yaml\n(.*?)```/gs)].map(([, map = '']) => map)
  assert.ok(maps.length >= 2)
  for (const map of maps) parseAccessMap(map)
})

test('the reference has a row for every key of a caller, and for no other', () => {
  const [, table = ''] = /## Keys of a caller\n(.*?)\n## /s.exec(reference) ?? []
  const rows = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key)
  assert.deepEqual(rows.sort(), [...callerKeys].sort())
})

test('the reference names every route', () => {
  for (const { path, methods } of routeTable) {
    for (const method of [...methods, 'INVOKE'])
      assert.ok(reference.includes(`\`${method} ${path}\``), `${method} ${path}`)
  }
})
