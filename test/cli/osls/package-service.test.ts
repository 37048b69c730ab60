import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { type PackageOptions, packageForAws, packageService } from '../../../cli/osls/package-service.ts'
import { copyWithCommandLine, temporaryFolder } from '../../infra/compile.ts'
import { serviceMap } from '../../service-map.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const otherMaps = join(root, 'test', 'infra', 'template', 'maps.yml')
const image = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/snowgate/probe:1'

const directoryOf = async (options: Partial<PackageOptions> = {}) =>
  (await packageService(root, { stage: 'dev', access: serviceMap, ...options })).directory

let dev: string
before(async () => {
  dev = await directoryOf()
})

test('the same order is the same folder, and the default region is that of serverless.yml', async () => {
  assert.equal(await directoryOf(), dev)
  assert.equal(await directoryOf({ region: 'eu-central-1' }), dev)
})

test('neither the path of the map counts, nor its comments, nor its other stages', async () => {
  const text = await readFile(serviceMap, 'utf8')
  const access = join(await temporaryFolder(), 'other.yml')
  await writeFile(access, `# A comment.\n${text.slice(0, text.indexOf('\nprod:'))}`)
  assert.equal(await directoryOf({ access }), dev)
})

test('another stage, region, map or image is another folder', async () => {
  const folders = [
    dev,
    await directoryOf({ stage: 'prod' }),
    await directoryOf({ region: 'cn-north-1' }),
    await directoryOf({ stage: 'keyed', access: otherMaps }),
    await directoryOf({ stage: 'keyed', access: otherMaps, probeImage: image }),
  ]
  assert.equal(new Set(folders).size, folders.length)
})

test('the template file has the stage and region, and the folder has no path of this machine', async () => {
  const { directory, template, templateFile } = await packageService(root, { stage: 'dev', access: serviceMap })
  assert.equal(templateFile, join(directory, 'cloudformation-template-update-stack.json'))
  assert.deepEqual(template, JSON.parse(await readFile(templateFile, 'utf8')))
  const names = await readdir(directory)
  assert.deepEqual(
    names.filter((name) => name.endsWith('.zip')),
    ['hello.zip', 'invoke.zip', 'snowflake-probe.zip'],
  )
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const text = await readFile(join(directory, name), 'utf8')
    for (const path of [root, '/tmp/', 'node_modules']) assert.equal(text.includes(path), false, `${name}: ${path}`)
  }
})

test('for AWS osls runs each time: the package is younger than any that was deployed, and otherwise the same', async () => {
  const { directory, template } = await packageForAws(root, { stage: 'dev', access: serviceMap })
  const cached = await packageService(root, { stage: 'dev', access: serviceMap })
  assert.notEqual(directory, cached.directory)
  const madeAt = async (folder: string) => {
    const state = JSON.parse(await readFile(join(folder, 'serverless-state.json'), 'utf8'))
    return Number(/\/(\d{13})-/.exec(state.package.artifactDirectoryName)?.[1])
  }
  assert.ok((await madeAt(directory)) > (await madeAt(cached.directory)))
  const timeless = (value: unknown) => JSON.stringify(value).replace(/\d{13}(-[^/"]*Z)?/g, 'time')
  assert.equal(timeless(template), timeless(cached.template))
})

test('a map that cannot be deployed is rejected with its message, each time', async () => {
  const access = join(await temporaryFolder(), 'access.yml')
  await writeFile(
    access,
    'dev:\n  callers:\n    a: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /invoke] }\n',
  )
  for (const _ of [1, 2]) {
    await assert.rejects(directoryOf({ access }), (error) => {
      assert.ok(error instanceof CommandFailure)
      assert.match(error.message, /^the caller a may call \/invoke, and the stage has no targets/)
      return true
    })
  }
})

test('a key that osls does not know in serverless.yml is rejected before it is deployed to AWS', async () => {
  const copy = await copyWithCommandLine()
  const path = join(copy, 'serverless.yml')
  await writeFile(path, `${await readFile(path, 'utf8')}\nfunktions: {}\n`)
  await assert.rejects(
    packageForAws(copy, { stage: 'dev', access: serviceMap, env: process.env }),
    (error) => error instanceof CommandFailure && /unrecognized property 'funktions'/.test(error.message),
  )
})
