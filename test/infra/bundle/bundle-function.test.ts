import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { unzipSync } from 'fflate'
import { bundle, deploymentPackage } from '../../../infra/bundle/bundle-function.ts'
import { BundlingPlugin } from '../../../infra/bundle/bundling-plugin.ts'
import { compile, deployableCopy, oslsPackage, temporaryFolder } from '../compile.ts'
import { readTemplate, resourcesOfType, templateFile } from '../template/compiled-template.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const entry = 'functions/hello/handler.cjs'

let copy: string
before(async () => {
  copy = await deployableCopy()
  await oslsPackage(copy, {})
})

test('osls package builds everything that is deployed, without local, cli and test', async () => {
  for (const folder of ['local', 'cli', 'test']) assert.equal(existsSync(join(copy, folder)), false)
  assert.deepEqual((await readdir(join(copy, '.serverless'))).sort(), [
    'cloudformation-template-create-stack.json',
    templateFile,
    'hello.cjs.map',
    'hello.zip',
    'invoke.cjs.map',
    'invoke.zip',
    'serverless-state.json',
    'snowflake-probe.cjs.map',
    'snowflake-probe.zip',
  ])
})

test('the template names the zip in the same folder', async () => {
  const [hello] = resourcesOfType(await readTemplate(join(copy, '.serverless')), 'AWS::Lambda::Function')
  assert.match(JSON.stringify(hello?.['Code']), /\/hello\.zip"/)
})

test('the zip contains only the handler, without a source map', async () => {
  const files = unzipSync(await readFile(join(copy, '.serverless', 'hello.zip')))
  assert.deepEqual(Object.keys(files), [entry])
  assert.doesNotMatch(Buffer.from(files[entry] ?? []).toString(), /sourceMappingURL/)
})

test('lazily imported packages are a second file of the zip, without those of other functions', async () => {
  const files = unzipSync(await readFile(join(copy, '.serverless', 'invoke.zip')))
  assert.deepEqual(Object.keys(files), ['functions/invoke/handler.cjs', 'functions/invoke/packages.cjs'])
  const [handler = '', packages = ''] = Object.values(files).map((code) => Buffer.from(code).toString())
  assert.deepEqual(
    [handler, packages].map((code) => code.includes('AWS4-HMAC-SHA256')),
    [false, true],
  )
  assert.doesNotMatch(packages, /AmazonSSM/)
})

test('a worker thread is a file of the zip, and shares the lazy packages', async () => {
  const files = unzipSync(await readFile(join(copy, '.serverless', 'snowflake-probe.zip')))
  assert.deepEqual(
    Object.keys(files),
    ['handler', 'driver-thread', 'packages'].map((name) => `functions/snowflake-probe/${name}.cjs`),
  )
  const filesWithSigner = Object.entries(files).filter(([, code]) => Buffer.from(code).includes('UNSIGNED-PAYLOAD'))
  assert.deepEqual(
    filesWithSigner.map(([name]) => name),
    ['functions/snowflake-probe/packages.cjs'],
  )
})

const threaded = {
  'functions/echo/handler.ts': `import { echo } from '../../shared/echo.ts'
    import { idle } from '../../shared/idle.ts'
    export const handler = echo`,
  'shared/echo.ts': `import { extname, join } from 'node:path'
    import { Worker } from 'node:worker_threads'
    const file = join(import.meta.dirname, 'echo-thread' + extname(import.meta.filename))
    export const echo = (word: string) =>
      new Promise((resolve) => new Worker(file, { workerData: word }).on('message', resolve))`,
  'shared/echo-thread.ts': `import { parentPort, workerData } from 'node:worker_threads'
    import { louder } from './louder.ts'
    parentPort?.postMessage(louder(workerData))`,
  'shared/louder.ts': 'export const louder = (word: string) => word.toUpperCase()',
  'shared/idle.ts': 'export const idle = 1',
  'shared/idle-thread.ts': 'console.log(1)',
}

test('a bundled function starts its bundled thread; a thread of unused code is not bundled', async () => {
  const folder = await temporaryFolder()
  for (const [path, source] of Object.entries(threaded)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), source)
  }
  const bundled = await bundle(folder, 'functions/echo/handler')
  const files = unzipSync(deploymentPackage(bundled))
  assert.deepEqual(Object.keys(files), ['functions/echo/handler.cjs', 'functions/echo/echo-thread.cjs'])
  const unpacked = await temporaryFolder()
  await mkdir(join(unpacked, 'functions/echo'), { recursive: true })
  for (const [path, code] of Object.entries(files)) await writeFile(join(unpacked, path), code)
  const { handler } = createRequire(unpacked)(join(unpacked, bundled.entry))
  assert.equal(await handler('alice'), 'ALICE')
})

test('the source map next to the zip refers to the handler', async () => {
  const { sources } = JSON.parse(await readFile(join(copy, '.serverless', 'hello.cjs.map'), 'utf8'))
  assert.ok(sources.includes('handler.ts'), sources.join(' '))
})

test('the handler in the zip needs no other file', async () => {
  const files = unzipSync(await readFile(join(copy, '.serverless', 'hello.zip')))
  const unpacked = join(await temporaryFolder(), entry)
  await mkdir(dirname(unpacked), { recursive: true })
  await writeFile(unpacked, files[entry] ?? '')
  const { handler } = createRequire(unpacked)(unpacked)
  assert.equal(typeof handler, 'function')
})

test('the same sources give the same bytes in any folder, stage and time zone', async () => {
  const here = deploymentPackage(await bundle(root, 'functions/hello/handler'))
  const zone = process.env['TZ']
  process.env['TZ'] = 'Pacific/Kiritimati'
  const far = deploymentPackage(await bundle(copy, 'functions/hello/handler'))
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
  const packaged = await readFile(join(await compile({ stage: 'prod' }), 'hello.zip'))
  assert.deepEqual(Buffer.from(far), Buffer.from(here))
  assert.deepEqual(packaged, Buffer.from(here))
})

test('osls deploy function uses the bundle too', async () => {
  const hello: { handler: string; package?: { artifact: string } } = { handler: 'functions/hello/handler.handler' }
  const plugin = new BundlingPlugin({
    serviceDir: copy,
    service: { functions: { hello } },
    configSchemaHandler: { validateConfig: async () => {} },
  })
  await plugin.hooks['before:package:function:package']?.()
  assert.deepEqual(hello.package, { artifact: join(copy, '.serverless', 'hello.zip') })
})

test('the error of a handler that does not build has its location', async () => {
  const folder = await temporaryFolder()
  await writeFile(
    join(folder, 'handler.ts'),
    "import { nothing } from './nowhere.ts'\nexport const handler = nothing\n",
  )
  await assert.rejects(bundle(folder, 'handler'), /handler\.ts:1:24: ERROR: Could not resolve "\.\/nowhere\.ts"/)
})
