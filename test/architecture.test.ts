import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')

/** Who may import whom. What deploys is functions and shared; test may import anything and is imported by nobody. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  functions: ['functions', 'shared'],
  infra: ['infra', 'shared'],
  local: ['local', 'shared'],
  cli: ['cli', 'infra', 'shared'],
}

interface Import {
  readonly from: string
  readonly to: string
}

const sources = Object.keys(mayImport).flatMap((folder) => globSync(`${folder}/**/*.{ts,js,cjs}`, { cwd: root }))

const imports: readonly Import[] = sources.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(/(?:from|import|require|import\()\s*\(?'(\.[^']+)'/g)].map(
    ([, specifier = '']) => ({ from, to: relative(root, join(root, dirname(from), specifier)) }),
  ),
)

const folderOf = (path: string) => path.split('/')[0] ?? ''
const listed = (found: readonly Import[]) => found.map(({ from, to }) => `${from} → ${to}`)

test('there are imports to judge in every folder', () => {
  assert.deepEqual([...new Set(imports.map(({ from }) => folderOf(from)))].sort(), Object.keys(mayImport).sort())
})

test('each folder imports only what the table allows it', () => {
  const forbidden = imports.filter(({ from, to }) => !mayImport[folderOf(from)]?.includes(folderOf(to)))
  assert.deepEqual(listed(forbidden), [])
})

test('no function imports another function', () => {
  const across = imports.filter(
    ({ from, to }) => folderOf(to) === 'functions' && from.split('/')[1] !== to.split('/')[1],
  )
  assert.deepEqual(listed(across), [])
})

test('a folder is entered by its door alone', () => {
  const doors = new Set(sources.filter((path) => path.endsWith('/index.ts')).map((path) => dirname(path)))
  const aroundTheDoor = imports.filter(({ from, to }) => {
    const folder = dirname(to)
    const inside = dirname(from) === folder || dirname(from).startsWith(`${folder}/`)
    return doors.has(folder) && !inside && !to.endsWith('/index.ts')
  })
  assert.deepEqual(listed(aroundTheDoor), [])
})

test('what deploys reads the environment in one file', () => {
  const deployed = sources.filter((path) => /^(shared|functions)\//.test(path))
  const readers = deployed.filter((path) => readFileSync(join(root, path), 'utf8').includes('process.env'))
  assert.deepEqual(readers, ['shared/settings.ts'])
})

test('the command line touches the process in its main file alone', () => {
  const program = new Set(['cli/main.ts', 'cli/snowgate.js'])
  const touching = sources.filter((path) => {
    if (!path.startsWith('cli/') || program.has(path)) return false
    // Which Node runs, and under which number, is no state of the process; signal 0 asks whether another one is alive.
    return /(?<![\w-])process\.(?!(?:execPath|pid)\b|kill\(\w+, 0\))[a-z]|'node:process'/.test(
      readFileSync(join(root, path), 'utf8'),
    )
  })
  assert.deepEqual(touching, [])
})

test('no file or folder is called after nothing in particular', () => {
  const vague = sources.filter((path) =>
    /(^|\/)(util|utils|helper|helpers|common|misc|base|manager)(\.|\/|-)/.test(path),
  )
  assert.deepEqual(vague, [])
})
