import assert from 'node:assert/strict'
import { appendFile, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { hashSources } from '../../../cli/osls/source-hash.ts'
import { temporaryFolder } from '../../infra/compile.ts'

const counted = [
  'functions/hello/handler.ts',
  'shared/access/index.ts',
  'infra/template/derive-template.ts',
  'infra/snowflake/udf/hello.py',
  'serverless.yml',
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'tsconfig.json',
]
const notCounted = ['access.yml', 'README.md', 'cli/main.ts', 'docs/cli.md', 'local/main.ts', 'test/one.test.ts']

let root: string
let unchanged: string
before(async () => {
  root = await temporaryFolder()
  for (const path of [...counted, ...notCounted]) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), path)
  }
  unchanged = await hashSources(root)
})

/** The hash of a copy in which something was changed. */
const hashWith = async (change: (copy: string) => Promise<unknown>): Promise<string> => {
  const copy = await temporaryFolder()
  await cp(root, copy, { recursive: true })
  await change(copy)
  return hashSources(copy)
}

test('a copy elsewhere has the same hash', async () => {
  assert.equal(await hashWith(async () => {}), unchanged)
})

for (const path of counted) {
  test(`another byte in ${path} is another hash, and so is its absence`, async () => {
    const changed = await hashWith((copy) => appendFile(join(copy, path), '\n'))
    const missing = await hashWith((copy) => rm(join(copy, path)))
    assert.equal(new Set([unchanged, changed, missing]).size, 3)
  })
}

for (const path of notCounted) {
  test(`${path} does not count`, async () => {
    assert.equal(await hashWith((copy) => appendFile(join(copy, path), '\n')), unchanged)
  })
}

test('a new file, a new name and an empty file count', async () => {
  const file = (copy: string, name: string) => join(copy, 'functions', 'hello', name)
  const hashes = await Promise.all([
    hashWith((copy) => writeFile(file(copy, 'other.ts'), 'x')),
    hashWith((copy) => writeFile(file(copy, 'other.ts'), '')),
    hashWith((copy) => rename(file(copy, 'handler.ts'), file(copy, 'handler2.ts'))),
    hashWith((copy) => writeFile(join(copy, 'package-lock.json'), '')),
  ])
  assert.equal(new Set([...hashes, unchanged]).size, 5)
})
