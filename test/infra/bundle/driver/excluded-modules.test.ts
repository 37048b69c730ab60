import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { excludedModuleSource } from '../../../../infra/bundle/driver/excluded-modules.ts'
import { excludedModules, lazyPackages, shims } from '../../../../infra/bundle/driver/index.ts'
import { belowNodeModules, bundled, installed, isTableEntry, packageOf, root } from './driver-modules.ts'

test('the tables are for the installed version', () => {
  const { version } = createRequire(import.meta.url)('snowflake-sdk/package.json')
  assert.equal(version, '3.3.0')
})

test('every excluded module is imported by the installed driver and not bundled', async (context) => {
  for (const { module, importedBy } of excludedModules) {
    await context.test(`${module}, imported by ${importedBy}`, () => {
      const imports = Object.entries(installed.inputs)
        .filter(([path]) => packageOf(path) === importedBy)
        .flatMap(([, input]) => input.imports)
      assert.ok(imports.some((imported) => isTableEntry(module, imported)))
      const left = Object.keys(bundled.inputs).filter((input) => {
        const path = belowNodeModules(input)
        return path === `${module}.js` || path.startsWith(`${module}/`)
      })
      const imported = Object.values(bundled.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
      assert.deepEqual([left, imported.includes(module)], [[], false])
    })
  }
})

test('nothing else is replaced', () => {
  const replaced = Object.keys(bundled.inputs).filter((input) => input.startsWith('replaced:'))
  const declared = [
    ...excludedModules.map(({ module }) => module),
    ...lazyPackages.map(({ name }) => name),
    ...shims.map(({ name }) => name),
  ]
  assert.deepEqual(replaced.sort(), declared.map((name) => `replaced:${name}`).sort())
})

test('nothing else is missing: the other missing modules were only imported by excluded ones', () => {
  const reached = new Set<string>()
  const reach = (path: string) => {
    if (reached.has(path)) return
    reached.add(path)
    for (const imported of installed.inputs[path]?.imports ?? []) {
      const from = packageOf(path)
      const isExcluded = excludedModules.some(
        ({ module, importedBy }) => importedBy === from && isTableEntry(module, imported),
      )
      if (!imported.external && !isExcluded) reach(imported.path)
    }
  }
  reach('<stdin>')
  const real = (inputs: Iterable<string>) =>
    new Set([...inputs].filter((input) => !/^(replaced:|<stdin>$)/.test(input)).map(belowNodeModules))
  const expected = real(reached)
  const present = real(Object.keys(bundled.inputs))
  assert.deepEqual(
    [...present].filter((path) => !expected.has(path)),
    [],
  )
  // Replaced by a shim.
  assert.deepEqual(
    [...expected].filter((path) => !present.has(path)),
    ['moment-timezone/index.js'],
  )
  assert.ok(real(Object.keys(installed.inputs)).size > 2 * present.size)
})

test('all modules for certificates, proxies and credentials are bundled', () => {
  const driverModules = [
    'agent/socket_util',
    'agent/check',
    'agent/cert_util',
    'agent/ocsp_response_cache',
    'agent/https_ocsp_agent',
    'agent/https_proxy_agent',
    'agent/https_crl_agent',
    'agent/crl_validator/index',
    'proxy_util',
  ].map((name) => `snowflake-sdk/dist/lib/${name}.js`)
  const others = [
    '@techteamer/ocsp/lib/ocsp/verify.js',
    '@techteamer/ocsp/lib/ocsp/check.js',
    'asn1.js-rfc5280/index.js',
  ]
  const inputs = new Set(Object.keys(bundled.inputs).map(belowNodeModules))
  const packages = new Set(Object.keys(bundled.inputs).map(packageOf))
  assert.deepEqual(
    [...driverModules, ...others].filter((name) => !inputs.has(name)),
    [],
  )
  for (const name of ['https-proxy-agent', '@aws-sdk/credential-provider-node', '@aws-sdk/credential-provider-http']) {
    assert.ok(packages.has(name), name)
  }
})

test('every use of an excluded module throws an error with its name', async (context) => {
  for (const one of excludedModules) {
    await context.test(one.module, () => {
      const module: { exports: unknown } = { exports: undefined }
      new Function('module', excludedModuleSource(one))(module)
      const exported = module.exports as {
        new (): unknown
        (): unknown
        anything: () => unknown
        default: () => unknown
      } // the proxy supports all uses
      const error = { message: `The bundled driver does not include ${one.feature}.` }
      assert.throws(() => exported(), error)
      assert.throws(() => new exported(), error)
      assert.throws(() => exported.anything, error)
      assert.throws(() => exported.default(), error)
      assert.equal({} instanceof exported, false)
    })
  }
})

/** `const { A } = require('x')`, and `const x = require('x')` with `x.A`. */
const importedNames = (source: string, name: string): readonly string[] => {
  const [, names, variable] =
    new RegExp(`const (?:\\{ (.*) \\}|(\\w+)) = require\\(["']${name}["']\\)`).exec(source) ?? []
  if (names !== undefined) return names.split(', ')
  return [...source.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, 'g'))].map(([, exported = '']) => exported)
}

test('the lazy exports are all that the driver uses', async (context) => {
  for (const { name, exports } of lazyPackages) {
    await context.test(name, () => {
      const importers = Object.entries(installed.inputs).filter(
        ([path, { imports }]) => packageOf(path) === 'snowflake-sdk' && imports.some((one) => isTableEntry(name, one)),
      )
      const left = importers.filter(([path]) => path in bundled.inputs)
      const found = left.flatMap(([path]) => importedNames(readFileSync(join(root, path), 'utf8'), name))
      assert.deepEqual([...new Set(found)].sort(), [...exports].sort())
    })
  }
})
