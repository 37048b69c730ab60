import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { retiredTypes, retiredWords } from './retired-names.ts'

const root = join(import.meta.dirname, '..')

/** The allowed imports between folders. The deployed code is functions and shared; test may import anything. */
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
const tests = globSync('test/**/*.ts', { cwd: root })
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

const imports: readonly Import[] = sources.flatMap((from) =>
  [...textOf(from).matchAll(/(?:from|import|require|import\()\s*\(?'(\.[^']+)'/g)].map(([, specifier = '']) => ({
    from,
    to: relative(root, join(root, dirname(from), specifier)),
  })),
)

const folderOf = (path: string) => path.split('/')[0] ?? ''
const listed = (found: readonly Import[]) => found.map(({ from, to }) => `${from} → ${to}`)

test('every folder has imports', () => {
  assert.deepEqual([...new Set(imports.map(({ from }) => folderOf(from)))].sort(), Object.keys(mayImport).sort())
})

test('each folder imports only the folders that the table allows', () => {
  const forbidden = imports.filter(({ from, to }) => !mayImport[folderOf(from)]?.includes(folderOf(to)))
  assert.deepEqual(listed(forbidden), [])
})

test('no function imports another function', () => {
  const across = imports.filter(
    ({ from, to }) => folderOf(to) === 'functions' && from.split('/')[1] !== to.split('/')[1],
  )
  assert.deepEqual(listed(across), [])
})

test('the readers of AWS and Snowflake in cli do not import the checks', () => {
  const upwards = imports.filter(({ from, to }) => /^cli\/(aws|snowflake)\//.test(from) && to.startsWith('cli/checks/'))
  assert.deepEqual(listed(upwards), [])
})

test('a folder with an index.ts is imported through it', () => {
  const indexed = new Set(sources.filter((path) => path.endsWith('/index.ts')).map((path) => dirname(path)))
  const direct = imports.filter(({ from, to }) => {
    const folder = dirname(to)
    const inside = dirname(from) === folder || dirname(from).startsWith(`${folder}/`)
    return indexed.has(folder) && !inside && !to.endsWith('/index.ts')
  })
  assert.deepEqual(listed(direct), [])
})

test('the deployed code reads the environment in one file', () => {
  const deployed = sources.filter((path) => /^(shared|functions)\//.test(path))
  const readers = deployed.filter((path) => textOf(path).includes('process.env'))
  assert.deepEqual(readers, ['shared/aws/lambda-environment.ts'])
})

test('the command line uses the process in its main file only', () => {
  const program = new Set(['cli/main.ts', 'cli/snowgate.js'])
  const touching = sources.filter((path) => {
    if (!path.startsWith('cli/') || program.has(path)) return false
    // execPath and pid are constants, and signal 0 only tests whether another process is alive.
    return /(?<![\w-])process\.(?!(?:execPath|pid)\b|kill\(\w+, 0\))[a-z]|'node:process'/.test(textOf(path))
  })
  assert.deepEqual(touching, [])
})

test('no file or folder has a name that fits anything', () => {
  const vague = sources.filter((path) =>
    /(^|\/)(util|utils|helper|helpers|common|misc|base|manager)(\.|\/|-)/.test(path),
  )
  assert.deepEqual(vague, [])
})

const isRetired = (word: string) => Object.hasOwn(retiredWords, word)
const wordsOf = (name: string) =>
  name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g)?.map((word) => word.toLowerCase()) ?? []

test('no file or folder has a retired name', () => {
  const found = [...sources, ...tests].filter(
    (path) => path !== 'test/retired-names.ts' && path.split(/[/.-]/).some(isRetired),
  )
  assert.deepEqual(found, [])
})

/** Names after a keyword of a declaration, members of types, and destructured or typed parameters. */
const declarations =
  /\b(?:const|let|function|class|interface|type|enum)\s+(\w+)|\breadonly\s+(\w+)\??:|[({,]\s*(\w+)\??(?=: [\w({[]|,| \}| =)/g

const declaredIn = (path: string): readonly string[] =>
  textOf(path)
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line))
    // Titles and other texts are no declarations.
    .map((line) => line.replaceAll(/'(?:[^'\\]|\\.)*'|`[^`]*`|"(?:[^"\\]|\\.)*"/g, "''"))
    .flatMap((line) => [...line.matchAll(declarations)].map((match) => match.slice(1).find(Boolean) ?? ''))

test('no declaration has a retired name', () => {
  const found = [...sources, ...tests].flatMap((path) =>
    declaredIn(path)
      .filter((name) => wordsOf(name).some(isRetired))
      .map((name) => `${path}: ${name}`),
  )
  assert.deepEqual([...new Set(found)], [])
})

test('no type has a name that says nothing', () => {
  const found = [...sources, ...tests].flatMap((path) =>
    [...textOf(path).matchAll(/^(?:export )?(?:class|interface|type|enum) (\w+)/gm)]
      .filter(([, name = '']) => retiredTypes.includes(name))
      .map(([, name]) => `${path}: ${name}`),
  )
  assert.deepEqual(found, [])
})
