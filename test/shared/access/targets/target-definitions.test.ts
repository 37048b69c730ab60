import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { AccessMapError, parseAccessMap } from '../../../../shared/access/index.ts'
import { targetKeys } from '../../../../shared/access/target-schema.ts'
import {
  parseAllowRule,
  parseTargetPath,
  parseTargets,
  ruleAllows,
  serializeTargets,
  type Target,
} from '../../../../shared/access/targets/index.ts'

const url = 'https://graph.example.com:8182'
const validTarget = `url: "${url}", service: neptune-db, region: ap-northeast-1, allow: [GET /status]`
const mapWith = (target: string, name = 'graph') => `dev:
  callers: { one: { routes: [POST /invoke] } }
  targets:
    ${name}: { ${target} }
`

test('the function reads the target of the map from its environment', () => {
  const role = 'roleArn: "arn:aws:iam::333333333333:role/team/Reader", externalId: graph-7f3c, allowPrivate: true'
  const targets = parseAccessMap(mapWith(`${validTarget}, ${role}`)).get('dev')?.targets
  const {
    rules,
    url: read,
    ...rest
  } = parseTargets(serializeTargets(targets ?? new Map())).get('graph') ?? assert.fail()
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

const invalidMaps: readonly { readonly what: string; readonly map: string; readonly message: RegExp }[] = [
  {
    what: 'a name with a capital',
    map: mapWith(validTarget, 'Graph'),
    message: /:4:5 {2}dev\.targets\.Graph: a target name has/,
  },
  {
    what: 'an unknown key',
    map: mapWith(`${validTarget}, externalID: ab`),
    message: /dev\.targets\.graph\.externalID: unknown key: write externalId/,
  },
  {
    what: 'a missing url',
    map: mapWith('service: s3, region: eu-central-1, allow: [GET /]'),
    message: /dev\.targets\.graph\.url: this is missing/,
  },
  {
    what: 'http without allowPrivate',
    map: mapWith(validTarget.replace('https', 'http')),
    message: /graph\.url: signed requests need https/,
  },
  {
    what: 'a password in the URL',
    map: mapWith(validTarget.replace('https://', 'https://a:b@')),
    message: /graph\.url: the URL must not contain a user name or password/,
  },
  {
    what: 'a service in capitals',
    map: mapWith(validTarget.replace('neptune-db', 'Neptune')),
    message: /graph\.service: this is not a service name of a signature/,
  },
  {
    what: 'a zone for a region',
    map: mapWith(validTarget.replace('northeast-1', 'northeast-1a')),
    message: /graph\.region: this is not a region/,
  },
  {
    what: 'a user for a role',
    map: mapWith(`${validTarget}, roleArn: "arn:aws:iam::333333333333:user/a"`),
    message: /graph\.roleArn: this is a user, and only roles can be assumed/,
  },
  {
    what: 'a wildcard for a role',
    map: mapWith(`${validTarget}, roleArn: "arn:aws:iam::333333333333:role/*"`),
    message: /graph\.roleArn: wildcards are not allowed/,
  },
  {
    what: 'an external id without a role',
    map: mapWith(`${validTarget}, externalId: ab`),
    message: /graph\.externalId: an external id applies to AssumeRole/,
  },
  {
    what: 'no rule',
    map: mapWith(validTarget.replace('[GET /status]', '[]')),
    message: /graph\.allow: this list is empty/,
  },
  {
    what: 'a rule twice',
    map: mapWith(validTarget.replace('[GET /status]', '[GET /a, GET /a]')),
    message: /graph\.allow\[1\]: duplicate list item/,
  },
  {
    what: 'allowPrivate: false',
    map: mapWith(`${validTarget}, allowPrivate: false`),
    message: /graph\.allowPrivate: only true is allowed/,
  },
  {
    what: 'no targets under the key',
    map: mapWith(validTarget).replace(/targets:.*/s, 'targets: {}\n'),
    message: /dev\.targets: this is empty/,
  },
]

for (const { what, map, message } of invalidMaps) {
  test(`the access map rejects ${what}`, () => {
    assert.throws(
      () => parseAccessMap(map),
      (error) => error instanceof AccessMapError && message.test(error.message) && error.problems.length === 1,
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
  test(`${JSON.stringify(rule)} is not a rule`, () => {
    assert.ok('fault' in parseAllowRule(rule))
  })
}

const compared = [
  { rule: 'GET /', allowed: ['/'], rejected: ['/a'] },
  {
    rule: 'GET /status',
    allowed: ['/status', '/%73tatus', '/s%74atus'],
    rejected: ['/status/', '/Status', '/status/x', '/'],
  },
  { rule: 'GET /a%20b', allowed: ['/a%20b'], rejected: ['/ab', '/a+b'] },
  {
    rule: 'GET /orders/{id}',
    allowed: ['/orders/1', '/orders/%7Bid%7D', '/orders/a%40b'],
    rejected: ['/orders', '/orders/', '/orders/1/2', '/orders/1/'],
  },
  {
    rule: 'GET /orders/{id}/lines',
    allowed: ['/orders/1/lines'],
    rejected: ['/orders/1', '/orders//lines', '/orders/1/2/lines'],
  },
  {
    rule: 'GET /files/*',
    allowed: ['/files/a', '/files/a/b', '/files/a/'],
    rejected: ['/files', '/files/', '/filesa', '/file/a'],
  },
  { rule: 'GET /*', allowed: ['/a', '/a/b'], rejected: ['/'] },
]

for (const { rule: text, allowed, rejected } of compared) {
  test(`${text} allows ${allowed.join(' ')} and not ${rejected.join(' ')}`, () => {
    const rule = parseAllowRule(text)
    assert.ok(!('fault' in rule))
    const isAllowed = (path: string) => {
      const segments = parseTargetPath(path)
      return !('fault' in segments) && ruleAllows(rule, 'GET', segments)
    }
    assert.deepEqual(
      [allowed.map(isAllowed), rejected.map(isAllowed)],
      [allowed.map(() => true), rejected.map(() => false)],
    )
    assert.ok(!ruleAllows(rule, 'POST', ['status']))
  })
}

const one: Target = { url, service: 's3', region: 'eu-central-1', allow: ['GET /'] }
const invalidVariables: readonly { readonly text: string; readonly path: string }[] = [
  { text: '{', path: 'it' },
  { text: '[]', path: 'it' },
  { text: '{"graph":7}', path: 'graph' },
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
    path: `graph.${key}`,
  })),
  { text: JSON.stringify({ graph: { ...one, allow: ['GET /', 'GET a'] } }), path: 'graph.allow[1]' },
]

for (const { text, path } of invalidVariables) {
  test(`the function does not start with ${text.slice(0, 120)}`, () => {
    assert.throws(() => parseTargets(text), {
      name: 'TypeError',
      message: `The environment variable TARGETS is invalid: ${path}.`,
    })
  })
}

test('the reference has a row for every key of a target, and for no other', () => {
  const reference = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'access-map.md'), 'utf8')
  const [, table = ''] = /## Keys of a target\n(.*?)\nIn `allow`/s.exec(reference) ?? []
  const keys = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(
    ([, names = '']) => names.match(/\w+/g) ?? [],
  )
  assert.deepEqual(keys.sort(), [...targetKeys].sort())
})
