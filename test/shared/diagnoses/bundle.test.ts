import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../../..')

/** What is deployed of the diagnoses, when this is what is used of them. */
const bundled = async (used: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: used, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

test('whoever uses the causes alone has none of the texts', async () => {
  const code = await bundled(`import { causes } from './shared/diagnoses/index.ts'\nconsole.log(causes)`)
  assert.match(code, /role-path-in-arn/)
  assert.doesNotMatch(code, /JWT token is invalid|Missing Authentication Token/)
})

test('whoever diagnoses logins has none of the texts about other things', async () => {
  const code = await bundled(
    `import { loginTexts, recognise } from './shared/diagnoses/index.ts'\nconsole.log(recognise({ text: process.argv[2] ?? '' }, loginTexts))`,
  )
  assert.match(code, /JWT token is invalid/)
  assert.doesNotMatch(
    code,
    /Missing Authentication Token|Runtime\.ImportModuleError|Could not connect to Snowflake backend/,
  )
})
