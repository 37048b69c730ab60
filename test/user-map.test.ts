import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from './infra/compile.ts'
import { serviceMap } from './service-map.ts'
import { checkMap, userMap } from './user-map.ts'

test('access.yml follows the schema, and a template can be derived for each of its stages', () => {
  const { problems } = checkMap(userMap)
  assert.ok(problems.length === 0, `Correct your access.yml:\n\n${problems.join('\n')}\n`)
})

const mapOf = async (text: string): Promise<string> => {
  const path = join(await temporaryFolder(), 'map.yml')
  await writeFile(path, text)
  return path
}

test('a valid map has all its stages and no problems', () => {
  assert.deepEqual(checkMap(serviceMap), { stages: ['dev', 'stg', 'prod'], problems: [] })
})

test('a problem of the schema has its line and key', async () => {
  const { stages, problems } = checkMap(await mapOf('dev:\n  callers:\n    a: { principals: ["*"], routes: [] }\n'))
  assert.deepEqual(stages, [])
  assert.match(problems.join('\n'), /access\.yml:3:\d+ {2}dev\.callers\.a\.principals\[0\]: wildcards are not allowed/)
})

test('a problem of a stage has the name of the stage, and the other stages are valid', async () => {
  const caller = '{ principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /invoke] }'
  const validCaller = '{ principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /hello] }'
  const path = await mapOf(`dev:\n  callers: { a: ${caller} }\nlive:\n  callers: { a: ${validCaller} }\n`)
  const { stages, problems } = checkMap(path)
  assert.deepEqual(stages, ['live'])
  assert.match(
    problems.join('\n'),
    /^access\.yml, stage dev: the caller a may call \/invoke, and the stage has no targets/,
  )
})

test('an invalid and an empty file are reported, not thrown', async () => {
  for (const text of ['dev: [', '']) assert.equal(checkMap(await mapOf(text)).problems.length, 1)
})
