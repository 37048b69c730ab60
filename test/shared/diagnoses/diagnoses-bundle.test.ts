import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../../..')

/** The bundle of a program that imports from the diagnoses. */
const bundleOf = async (program: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

test('a bundle that uses only the causes has no messages', async () => {
  const code = await bundleOf(`import { causes } from './shared/diagnoses/index.ts'\nconsole.log(causes)`)
  assert.match(code, /role-path-in-arn/)
  assert.doesNotMatch(code, /JWT token is invalid|Missing Authentication Token/)
})

test('a bundle that diagnoses logins has only the messages of logins', async () => {
  const code = await bundleOf(
    `import { loginMessages, recognize } from './shared/diagnoses/index.ts'\nconsole.log(recognize({ text: process.argv[2] ?? '' }, loginMessages))`,
  )
  assert.match(code, /JWT token is invalid/)
  assert.doesNotMatch(
    code,
    /Missing Authentication Token|Runtime\.ImportModuleError|Could not connect to Snowflake backend/,
  )
})
