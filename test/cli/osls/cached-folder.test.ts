import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { cachedFolder } from '../../../cli/osls/cached-folder.ts'
import { temporaryFolder } from '../../infra/compile.ts'

const module = join(import.meta.dirname, '..', '..', '..', 'cli', 'osls', 'cached-folder.ts')

const writing =
  (text: string, count = { writes: 0 }) =>
  async (folder: string) => {
    count.writes += 1
    await writeFile(join(folder, 'one'), text)
    await sleep(20)
    await writeFile(join(folder, 'two'), text)
  }

const contentsOf = (folder: string) =>
  Promise.all(['one', 'two'].map((name) => readFile(join(folder, name), 'utf8').catch(() => undefined)))

test('a folder is written once for its key, however many want it at the same time', async () => {
  const home = await temporaryFolder()
  const count = { writes: 0 }
  const options = { home, key: 'a', write: writing('text', count) }
  const folders = await Promise.all(Array.from({ length: 5 }, () => cachedFolder(options)))
  assert.deepEqual(new Set([...folders, await cachedFolder(options)]), new Set([join(home, 'a')]))
  assert.equal(count.writes, 1)
  assert.deepEqual(await contentsOf(join(home, 'a')), ['text', 'text'])
  await cachedFolder({ ...options, key: 'b' })
  assert.equal(count.writes, 2)
  assert.deepEqual((await readdir(home)).sort(), ['a', 'b'])
})

test('a folder is not seen before it is complete', async () => {
  const home = await temporaryFolder()
  const seen: boolean[] = []
  const folder = join(home, 'a')
  await cachedFolder({
    home,
    key: 'a',
    write: async (draft) => {
      await writing('text')(draft)
      seen.push(existsSync(folder))
    },
  })
  assert.deepEqual([...seen, existsSync(folder)], [false, true])
})

test('a write that fails leaves nothing, and is repeated the next time', async () => {
  const home = await temporaryFolder()
  const write = async (folder: string) => {
    await writeFile(join(folder, 'one'), 'half')
    throw new Error('the disk is full')
  }
  await assert.rejects(cachedFolder({ home, key: 'a', write }), /the disk is full/)
  assert.deepEqual(await readdir(home), [])
  const folder = await cachedFolder({ home, key: 'a', write: writing('whole') })
  assert.deepEqual(await contentsOf(folder), ['whole', 'whole'])
})

test('the incomplete folder of a killed process is not used, and its lock is ignored', async () => {
  const home = await temporaryFolder()
  const script = `
    const { cachedFolder } = await import(${JSON.stringify(pathToFileURL(module).href)})
    const { writeFile } = await import('node:fs/promises')
    const write = async (folder) => {
      await writeFile(folder + '/one', 'half')
      process.stdout.write('begun')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    }
    await cachedFolder({ home: ${JSON.stringify(home)}, key: 'a', write })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.deepEqual((await readdir(home)).map((name) => name.replace(/^draft-.*/, 'draft')).sort(), ['a.lock', 'draft'])

  const folder = await cachedFolder({ home, key: 'a', write: writing('whole') })
  assert.deepEqual(await contentsOf(folder), ['whole', 'whole'])
  assert.equal(existsSync(join(home, 'a.lock')), false)
})

test('while another process writes the folder, its result is waited for', async () => {
  const home = await temporaryFolder()
  const count = { writes: 0 }
  // The process that started this one lives as long.
  await writeFile(join(home, 'a.lock'), String(process.ppid))
  const second = cachedFolder({ home, key: 'a', write: writing('second', count) })
  await sleep(150)
  await mkdir(join(home, 'a'))
  assert.equal(await second, join(home, 'a'))
  assert.equal(count.writes, 0)
})

test('a lock is ignored when its process has ended, or has had it for longer than any write takes', async () => {
  const home = await temporaryFolder()
  const ended = spawnSync(process.execPath, ['--version']).pid
  const longAgo = new Date(Date.now() - 180_000)
  await writeFile(join(home, 'a.lock'), String(ended))
  await writeFile(join(home, 'b.lock'), String(process.ppid))
  await utimes(join(home, 'b.lock'), longAgo, longAgo)
  for (const key of ['a', 'b']) await cachedFolder({ home, key, write: writing('text') })
  assert.deepEqual((await readdir(home)).sort(), ['a', 'b'])
})

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

const folderUsed = async (path: string, at: Date) => {
  await mkdir(path)
  await writeFile(join(path, 'one'), 'text')
  await utimes(path, at, at)
}

test('of the folders that were not used for a day, those beyond the fifty last used are removed', async () => {
  const home = await temporaryFolder()
  for (let index = 0; index < 60; index += 1) await folderUsed(join(home, `old-${index}`), hoursAgo(30 + index))
  for (let index = 0; index < 5; index += 1) await folderUsed(join(home, `today-${index}`), hoursAgo(index))
  await cachedFolder({ home, key: 'old-59', write: () => assert.fail('it is there') })
  await cachedFolder({ home, key: 'new', write: writing('text') })
  const left = new Set(await readdir(home))
  assert.equal(left.size, 50)
  const expected = ['new', 'old-59', ...[0, 1, 2, 3, 4].map((index) => `today-${index}`), 'old-0', 'old-42']
  assert.deepEqual(
    expected.filter((name) => !left.has(name)),
    [],
  )
  assert.equal(left.has('old-43'), false)
})

test('folders that were used today all stay', async () => {
  const home = await temporaryFolder()
  for (let index = 0; index < 60; index += 1) await folderUsed(join(home, `today-${index}`), hoursAgo(index / 3))
  await cachedFolder({ home, key: 'new', write: writing('text') })
  assert.equal((await readdir(home)).length, 61)
})

test('drafts and locks that are a day old are removed', async () => {
  const home = await temporaryFolder()
  for (const hours of [1, 25]) {
    await folderUsed(join(home, `draft-${hours}`), hoursAgo(hours))
    await writeFile(join(home, `x${hours}.lock`), '1')
    await utimes(join(home, `x${hours}.lock`), hoursAgo(hours), hoursAgo(hours))
  }
  await cachedFolder({ home, key: 'new', write: writing('text') })
  assert.deepEqual((await readdir(home)).sort(), ['draft-1', 'new', 'x1.lock'])
})
