import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { later, leftOut, standIns } from '../../../infra/driver/index.ts'
import { refusal } from '../../../infra/driver/left-out.ts'
import { belowNodeModules, bundled, installed, isMeant, packageOf, root } from './modules.ts'

test('the tables are those of the version that is installed', () => {
  const { version } = createRequire(import.meta.url)('snowflake-sdk/package.json')
  assert.equal(version, '3.3.0')
})

test('everything that is left out was there, and is not any more', async (context) => {
  for (const { module, importedBy } of leftOut) {
    await context.test(`${module}, imported by ${importedBy}`, () => {
      const imports = Object.entries(installed.inputs)
        .filter(([path]) => packageOf(path) === importedBy)
        .flatMap(([, input]) => input.imports)
      assert.ok(imports.some((imported) => isMeant(module, imported)))
      const left = Object.keys(bundled.inputs).filter((input) => {
        const path = belowNodeModules(input)
        return path === `${module}.js` || path.startsWith(`${module}/`)
      })
      const asked = Object.values(bundled.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
      assert.deepEqual([left, asked.includes(module)], [[], false])
    })
  }
})

test('nothing else is replaced', () => {
  const replaced = Object.keys(bundled.inputs).filter((input) => input.startsWith('replaced:'))
  const declared = [
    ...leftOut.map(({ module }) => module),
    ...later.map(({ name }) => name),
    ...standIns.map(({ name }) => name),
  ]
  assert.deepEqual(replaced.sort(), declared.map((name) => `replaced:${name}`).sort())
})

test('nothing else is missing: what is gone was reachable through it alone', () => {
  const reached = new Set<string>()
  const reach = (path: string) => {
    if (reached.has(path)) return
    reached.add(path)
    for (const imported of installed.inputs[path]?.imports ?? []) {
      const from = packageOf(path)
      const isLeftOut = leftOut.some(({ module, importedBy }) => importedBy === from && isMeant(module, imported))
      if (!imported.external && !isLeftOut) reach(imported.path)
    }
  }
  reach('<stdin>')
  const real = (inputs: Iterable<string>) =>
    new Set([...inputs].filter((input) => !/^(replaced:|<stdin>$)/.test(input)).map(belowNodeModules))
  const expected = real(reached)
  const there = real(Object.keys(bundled.inputs))
  assert.deepEqual(
    [...there].filter((path) => !expected.has(path)),
    [],
  )
  // Two lines, in whose place there is a stand-in.
  assert.deepEqual(
    [...expected].filter((path) => !there.has(path)),
    ['moment-timezone/index.js'],
  )
  assert.ok(real(Object.keys(installed.inputs)).size > 2 * there.size)
})

test('what checks certificates, proxies and credentials is all there', () => {
  const kept = [
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
    [...kept, ...others].filter((name) => !inputs.has(name)),
    [],
  )
  for (const name of ['https-proxy-agent', '@aws-sdk/credential-provider-node', '@aws-sdk/credential-provider-http']) {
    assert.ok(packages.has(name), name)
  }
})

test('what is left out says so by name, whatever is done with it', async (context) => {
  for (const one of leftOut) {
    await context.test(one.module, () => {
      const module: { exports: unknown } = { exports: undefined }
      new Function('module', refusal(one))(module)
      const exported = module.exports as {
        new (): unknown
        (): unknown
        anything: () => unknown
        default: () => unknown
      } // it answers to all
      const word = { message: `The bundled driver does not include ${one.what}.` }
      assert.throws(() => exported(), word)
      assert.throws(() => new exported(), word)
      assert.throws(() => exported.anything, word)
      assert.throws(() => exported.default(), word)
      assert.equal({} instanceof exported, false)
    })
  }
})

/** `const { A } = require('x')`, and `const x = require('x')` with `x.A`. */
const takenIn = (source: string, name: string): readonly string[] => {
  const [, names, variable] =
    new RegExp(`const (?:\\{ (.*) \\}|(\\w+)) = require\\(["']${name}["']\\)`).exec(source) ?? []
  if (names !== undefined) return names.split(', ')
  return [...source.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, 'g'))].map(([, taken = '']) => taken)
}

test('what is loaded later is all that the driver takes of it', async (context) => {
  for (const { name, taken } of later) {
    await context.test(name, () => {
      const importers = Object.entries(installed.inputs).filter(
        ([path, { imports }]) => packageOf(path) === 'snowflake-sdk' && imports.some((one) => isMeant(name, one)),
      )
      const left = importers.filter(([path]) => path in bundled.inputs)
      const found = left.flatMap(([path]) => takenIn(readFileSync(join(root, path), 'utf8'), name))
      assert.deepEqual([...new Set(found)].sort(), [...taken].sort())
    })
  }
})
