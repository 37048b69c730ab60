import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { copyAccessMap } from '../../../cli/start/access-map-copy.ts'
import { readAccessMap, stageOf } from '../../../shared/access/index.ts'
import { serviceMap } from '../../service-map.ts'

const own = serviceMap

test('a copy is edited, added to and taken from, and the map itself stays as it is', async () => {
  const before = await readFile(own, 'utf8')
  const map = await copyAccessMap(own)
  await map.edit('dev', [
    { path: ['snowflake', 'account'], value: 'other-account' },
    { path: ['snowflake', 'role'], value: 'READER' },
    { path: ['callers', 'reporting'] },
    { path: ['callers', 'analytics', 'routes'], value: ['POST /hello'] },
  ])
  const { callers, snowflake } = stageOf(readAccessMap(map.path), 'dev')
  assert.deepEqual([snowflake?.account, snowflake?.role], ['other-account', 'READER'])
  assert.deepEqual([...callers.keys()], ['snowflake', 'analytics'])
  assert.equal(callers.get('analytics')?.routes.length, 1)
  assert.match(await readFile(map.path, 'utf8'), /# Another account: its role assumes the door role/)
  assert.equal(await readFile(own, 'utf8'), before)
  await map.remove()
  await assert.rejects(readFile(map.path), { code: 'ENOENT' })
})

test('without edits the copy is the map, byte for byte', async () => {
  const map = await copyAccessMap(own)
  await map.edit('dev', [])
  assert.equal(await readFile(map.path, 'utf8'), await readFile(own, 'utf8'))
  await map.remove()
})
