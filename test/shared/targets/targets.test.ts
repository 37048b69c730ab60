import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { AccessMapError, parseAccessMap } from '../../../shared/access/index.ts'
import { targetKeys } from '../../../shared/access/target-schema.ts'
import {
  admits,
  parseAllowRule,
  parsePath,
  readTargets,
  type Target,
  writeTargets,
} from '../../../shared/targets/index.ts'

const url = 'https://graph.example.com:8182'
const fine = `url: "${url}", service: neptune-db, region: ap-northeast-1, allow: [GET /status]`
const mapWith = (target: string, name = 'graph') => `dev:
  callers: { one: { routes: [POST /invoke] } }
  targets:
    ${name}: { ${target} }
`

test('a target of the map is what the function reads out of its environment', () => {
  const role = 'roleArn: "arn:aws:iam::333333333333:role/team/Reader", externalId: graph-7f3c, allowPrivate: true'
  const targets = parseAccessMap(mapWith(`${fine}, ${role}`)).get('dev')?.targets
  const { rules, url: read, ...rest } = readTargets(writeTargets(targets ?? new Map())).get('graph') ?? assert.fail()
  assert.equal(read.origin, url)
  assert.deepEqual(
    rules.map(({ text }) => text),
    ['GET /status'],
  )
  assert.deepEqual(rest, {
    name: 'graph',
    service: 'neptune-db',
    region: 'ap-northeast-1',
    roleArn: 'arn:aws:iam::333333333333:role/team/Reader',
    externalId: 'graph-7f3c',
    allowPrivate: true,
  })
})

test('a stage without targets has none', () => {
  assert.equal(parseAccessMap('dev: { callers: { one: { routes: [POST /hello] } } }').get('dev')?.targets.size, 0)
})

const refused: readonly { readonly what: string; readonly map: string; readonly says: RegExp }[] = [
  {
    what: 'a name with a capital',
    map: mapWith(fine, 'Graph'),
    says: /:4:5 {2}dev\.targets\.Graph: a target name has/,
  },
  {
    what: 'an unknown key',
    map: mapWith(`${fine}, externalID: ab`),
    says: /dev\.targets\.graph\.externalID: unknown key: write externalId/,
  },
  {
    what: 'a missing url',
    map: mapWith('service: s3, region: eu-central-1, allow: [GET /]'),
    says: /dev\.targets\.graph\.url: this is missing/,
  },
  {
    what: 'http without allowPrivate',
    map: mapWith(fine.replace('https', 'http')),
    says: /graph\.url: signed requests need https/,
  },
  {
    what: 'a password in the URL',
    map: mapWith(fine.replace('https://', 'https://a:b@')),
    says: /graph\.url: the URL must not contain a user name or password/,
  },
  {
    what: 'a service in capitals',
    map: mapWith(fine.replace('neptune-db', 'Neptune')),
    says: /graph\.service: this is not a service name of a signature/,
  },
  {
    what: 'a zone for a region',
    map: mapWith(fine.replace('northeast-1', 'northeast-1a')),
    says: /graph\.region: this is not a region/,
  },
  {
    what: 'a user for a role',
    map: mapWith(`${fine}, roleArn: "arn:aws:iam::333333333333:user/a"`),
    says: /graph\.roleArn: this is a user, and only a role can be assumed/,
  },
  {
    what: 'a wildcard for a role',
    map: mapWith(`${fine}, roleArn: "arn:aws:iam::333333333333:role/*"`),
    says: /graph\.roleArn: a wildcard admits whoever comes to match it/,
  },
  {
    what: 'an external id without a role',
    map: mapWith(`${fine}, externalId: ab`),
    says: /graph\.externalId: an external id applies to AssumeRole/,
  },
  { what: 'no rule', map: mapWith(fine.replace('[GET /status]', '[]')), says: /graph\.allow: this list is empty/ },
  {
    what: 'a rule twice',
    map: mapWith(fine.replace('[GET /status]', '[GET /a, GET /a]')),
    says: /graph\.allow\[1\]: duplicate list item/,
  },
  {
    what: 'allowPrivate: false',
    map: mapWith(`${fine}, allowPrivate: false`),
    says: /graph\.allowPrivate: only true is allowed/,
  },
  {
    what: 'no targets under the key',
    map: mapWith(fine).replace(/targets:.*/s, 'targets: {}\n'),
    says: /dev\.targets: this is empty/,
  },
]

for (const { what, map, says } of refused) {
  test(`the map refuses ${what}`, () => {
    assert.throws(
      () => parseAccessMap(map),
      (error) => error instanceof AccessMapError && says.test(error.message) && error.problems.length === 1,
    )
  })
}

const rules = [
  '',
  'GET',
  'GET  /a',
  '/a',
  'get /a',
  'OPTIONS /a',
  'GET a',
  'GET /a/../b',
  'GET /a//b',
  'GET /a%2fb',
  'GET /a?b',
  'GET /a;b',
  'GET /*/a',
  'GET /a*',
  'GET /{a}b',
  'GET /{}',
  'GET /{a/b}',
  'GET /a/**',
  'GET /ë',
  'GET //evil.example',
  'GET https://evil.example',
]

for (const rule of rules) {
  test(`${JSON.stringify(rule)} is no rule`, () => {
    assert.ok('fault' in parseAllowRule(rule))
  })
}

const compared = [
  { rule: 'GET /', admitted: ['/'], not: ['/a'] },
  {
    rule: 'GET /status',
    admitted: ['/status', '/%73tatus', '/s%74atus'],
    not: ['/status/', '/Status', '/status/x', '/'],
  },
  { rule: 'GET /a%20b', admitted: ['/a%20b'], not: ['/ab', '/a+b'] },
  {
    rule: 'GET /orders/{id}',
    admitted: ['/orders/1', '/orders/%7Bid%7D', '/orders/a%40b'],
    not: ['/orders', '/orders/', '/orders/1/2', '/orders/1/'],
  },
  {
    rule: 'GET /orders/{id}/lines',
    admitted: ['/orders/1/lines'],
    not: ['/orders/1', '/orders//lines', '/orders/1/2/lines'],
  },
  {
    rule: 'GET /files/*',
    admitted: ['/files/a', '/files/a/b', '/files/a/'],
    not: ['/files', '/files/', '/filesa', '/file/a'],
  },
  { rule: 'GET /*', admitted: ['/a', '/a/b'], not: ['/'] },
]

for (const { rule: text, admitted, not } of compared) {
  test(`${text} admits ${admitted.join(' ')} and not ${not.join(' ')}`, () => {
    const rule = parseAllowRule(text)
    assert.ok(!('fault' in rule))
    const isAdmitted = (path: string) => {
      const segments = parsePath(path)
      return !('fault' in segments) && admits(rule, 'GET', segments)
    }
    assert.deepEqual([admitted.map(isAdmitted), not.map(isAdmitted)], [admitted.map(() => true), not.map(() => false)])
    assert.ok(!admits(rule, 'POST', ['status']))
  })
}

const one: Target = { url, service: 's3', region: 'eu-central-1', allow: ['GET /'] }
const unfit: readonly { readonly text: string; readonly place: string }[] = [
  { text: '{', place: 'it' },
  { text: '[]', place: 'it' },
  { text: '{"graph":7}', place: 'graph' },
  ...[
    ['url', 'http://a.example.com'],
    ['url', 7],
    ['service', ''],
    ['region', null],
    ['roleArn', 7],
    ['externalId', {}],
    ['allow', []],
    ['allow', 'GET /'],
    ['allowPrivate', false],
    ['colour', 'red'],
  ].map(([key, value]) => ({
    text: JSON.stringify({ graph: { ...one, [String(key)]: value } }),
    place: `graph.${key}`,
  })),
  { text: JSON.stringify({ graph: { ...one, allow: ['GET /', 'GET a'] } }), place: 'graph.allow[1]' },
]

for (const { text, place } of unfit) {
  test(`the function does not start with ${text.slice(0, 120)}`, () => {
    assert.throws(() => readTargets(text), {
      name: 'TypeError',
      message: `The environment variable TARGETS is invalid: ${place}.`,
    })
  })
}

test('the reference has a row for every key of a target, and for no other', () => {
  const reference = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'access-map.md'), 'utf8')
  const [, table = ''] = /## Keys of a target\n(.*?)\nIn `allow`/s.exec(reference) ?? []
  const keys = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(
    ([, names = '']) => names.match(/\w+/g) ?? [],
  )
  assert.deepEqual(keys.sort(), [...targetKeys].sort())
})
