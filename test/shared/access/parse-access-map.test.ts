import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AccessMapError, parseAccessMap, readAccessMap } from '../../../shared/access/index.ts'
import { serviceMap } from '../../service-map.ts'

const errorOf = (text: string): string => {
  try {
    parseAccessMap(text)
  } catch (error) {
    if (error instanceof AccessMapError) return error.message
    throw error
  }
  return 'accepted'
}

test('the access map of the tests has three stages, and its caller snowflake in prod is pending', () => {
  const map = readAccessMap(serviceMap)
  assert.deepEqual([...map.keys()], ['dev', 'stg', 'prod'])
  const prod = map.get('prod')?.callers.get('snowflake')
  assert.deepEqual(prod, {
    kind: 'snowflake',
    externalIds: [],
    routes: [
      { method: 'POST', path: '/hello', functionName: 'hello' },
      { method: 'GET', path: '/hello', functionName: 'hello' },
    ],
  })
})

const role = 'arn:aws:iam::222222222222:role/One'
const user = 'arn:aws:iam::999999999999:user/abcd'

const accepted: readonly { readonly title: string; readonly caller: string; readonly kind: string }[] = [
  { title: 'routes alone: a pending caller', caller: '{ routes: [POST /hello] }', kind: 'snowflake' },
  {
    title: 'external ids may come before the user',
    caller: '{ externalIds: [ab], routes: [POST /hello] }',
    kind: 'snowflake',
  },
  {
    title: 'an external id may end in =',
    caller: `{ iamUserArn: ${user}, externalIds: [ABC_SFCRole=2_x=], routes: [POST /hello] }`,
    kind: 'snowflake',
  },
  { title: 'a role', caller: `{ principals: ["${role}"], routes: [POST /hello] }`, kind: 'account' },
  {
    title: 'a role with a path, in another partition',
    caller: '{ principals: ["arn:aws-us-gov:iam::222222222222:role/team/a/One"], routes: [POST /hello] }',
    kind: 'account',
  },
  {
    title: 'a role that must send an external id',
    caller: `{ principals: ["${role}"], externalIds: [graph-7f3c], routes: [INVOKE /hello] }`,
    kind: 'account',
  },
  { title: 'a direct role', caller: `{ principals: ["${role}"], direct: true, routes: [GET /hello] }`, kind: 'direct' },
]

for (const { title, caller, kind } of accepted) {
  test(`a caller may be: ${title}`, () => {
    const map = parseAccessMap(`dev:\n  callers:\n    one: ${caller}\n`)
    assert.equal(map.get('dev')?.callers.get('one')?.kind, kind)
  })
}

test('one principal can be two callers of a stage', () => {
  const caller = `{ principals: ["${role}"], routes: [POST /hello] }`
  const map = parseAccessMap(`dev:\n  callers:\n    one: ${caller}\n    two: ${caller}\n`)
  assert.equal(map.get('dev')?.callers.size, 2)
})

/** A caller with one thing wrong, in the third line of a map, and the whole message. */
const wrongCallers: readonly { readonly title: string; readonly caller: string; readonly message: string }[] = [
  {
    title: 'an account id instead of a role',
    caller: '{ principals: ["222222222222"], routes: [POST /hello] }',
    message:
      '3:25  dev.callers.one.principals[0]: account principals (:root) are not allowed: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name',
  },
  {
    title: 'an account id that YAML takes for a number',
    caller: '{ principals: [222222222222], routes: [POST /hello] }',
    message: '3:25  dev.callers.one.principals[0]: the value is 222222222222: write the ARN of a role or user',
  },
  {
    title: 'the root of an account',
    caller: '{ principals: ["arn:aws:iam::222222222222:root"], routes: [POST /hello] }',
    message:
      '3:25  dev.callers.one.principals[0]: account principals (:root) are not allowed: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name',
  },
  {
    title: 'a wildcard as principal',
    caller: '{ principals: ["*"], routes: [POST /hello] }',
    message:
      '3:25  dev.callers.one.principals[0]: wildcards are not allowed: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name',
  },
  {
    title: 'a policy variable',
    caller: '{ principals: ["arn:aws:iam::222222222222:role/${aws:username}"], routes: [POST /hello] }',
    message:
      '3:25  dev.callers.one.principals[0]: this is not the ARN of a role or user: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name',
  },
  {
    title: 'a session',
    caller: '{ principals: ["arn:aws:sts::222222222222:assumed-role/One/session"], routes: [POST /hello] }',
    message:
      '3:25  dev.callers.one.principals[0]: this is a session ARN: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name',
  },
  {
    title: 'an account id that lost its leading zero',
    caller: '{ principals: ["arn:aws:iam::22222222222:role/One"], routes: [POST /hello] }',
    message:
      '3:25  dev.callers.one.principals[0]: an account id has twelve digits: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name',
  },
  {
    title: 'a group',
    caller: '{ principals: ["arn:aws:iam::222222222222:group/ops"], routes: [POST /hello] }',
    message:
      '3:25  dev.callers.one.principals[0]: IAM groups cannot sign requests: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name',
  },
  {
    title: 'a principal twice',
    caller: `{ principals: ["${role}", "${role}"], routes: [POST /hello] }`,
    message: '3:63  dev.callers.one.principals[1]: duplicate list item: keep one',
  },
  {
    title: 'a Snowflake user without an external id',
    caller: `{ iamUserArn: ${user}, routes: [POST /hello] }`,
    message:
      '3:12  dev.callers.one.iamUserArn: without externalIds any Snowflake account could assume this caller role (confused deputy): add externalIds, from API_AWS_EXTERNAL_ID in DESCRIBE INTEGRATION',
  },
  {
    title: 'a role where Snowflake has a user',
    caller: `{ iamUserArn: "${role}", externalIds: [ab], routes: [POST /hello] }`,
    message:
      '3:12  dev.callers.one.iamUserArn: this is a role, and Snowflake uses an IAM user: write the value of API_AWS_IAM_USER_ARN from DESCRIBE INTEGRATION, such as arn:aws:iam::999999999999:user/abcd-s-example',
  },
  {
    title: 'an empty iamUserArn, left for later',
    caller: '{ iamUserArn: , externalIds: [ab], routes: [POST /hello] }',
    message:
      '3:12  dev.callers.one.iamUserArn: the value is empty: write the ARN that DESCRIBE INTEGRATION shows, or remove the line',
  },
  {
    title: 'Snowflake and roles as one caller',
    caller: `{ iamUserArn: ${user}, externalIds: [ab], principals: ["${role}"], routes: [POST /hello] }`,
    message:
      '3:80  dev.callers.one.principals: a caller is Snowflake (iamUserArn) or roles of AWS accounts (principals), not both: write two callers',
  },
  {
    title: 'direct without principals',
    caller: '{ direct: true, routes: [POST /hello] }',
    message: '3:12  dev.callers.one.direct: a direct caller signs with its own role: add that role under principals',
  },
  {
    title: 'direct with an external id',
    caller: `{ principals: ["${role}"], direct: true, externalIds: [ab], routes: [POST /hello] }`,
    message:
      '3:78  dev.callers.one.externalIds: an external id applies to AssumeRole, and a direct caller assumes no role: remove this or direct',
  },
  {
    title: 'direct: false',
    caller: `{ principals: ["${role}"], direct: false, routes: [POST /hello] }`,
    message: '3:64  dev.callers.one.direct: only true is allowed: write true, or remove the line',
  },
  {
    title: 'an external id with a wildcard',
    caller: `{ principals: ["${role}"], externalIds: ["a*"], routes: [POST /hello] }`,
    message:
      '3:78  dev.callers.one.externalIds[0]: an external id has 2 to 1,224 letters, digits or characters of _+=,.@:/- and no other characters: copy it unchanged',
  },
  {
    title: 'no external ids in a list of them',
    caller: `{ principals: ["${role}"], externalIds: [], routes: [POST /hello] }`,
    message: '3:64  dev.callers.one.externalIds: this list is empty: write a list of external ids',
  },
  {
    title: 'no routes',
    caller: '{ }',
    message: '3:5  dev.callers.one.routes: this is missing: write a list of routes such as [POST /hello]',
  },
  {
    title: 'a route that is not in a list',
    caller: '{ routes: POST /hello }',
    message: '3:12  dev.callers.one.routes: the value is "POST /hello": write a list of routes such as [POST /hello]',
  },
  {
    title: 'a method in small letters',
    caller: '{ routes: [post /hello] }',
    message: '3:21  dev.callers.one.routes[0]: /hello supports only GET, PUT, POST, INVOKE: write "POST /hello"',
  },
  {
    title: 'a method that the route does not support',
    caller: '{ routes: [DELETE /hello] }',
    message: '3:21  dev.callers.one.routes[0]: /hello supports only GET, PUT, POST, INVOKE: write "POST /hello"',
  },
  {
    title: 'a mistyped path',
    caller: '{ routes: [PUT /helo] }',
    message: '3:21  dev.callers.one.routes[0]: unknown path "/helo": write "PUT /hello"',
  },
  {
    title: 'a path alone',
    caller: '{ routes: [/hello] }',
    message: '3:21  dev.callers.one.routes[0]: a route is a method, one space and a path: write "POST /hello"',
  },
  {
    title: 'a path with a slash too many',
    caller: '{ routes: [POST /hello/] }',
    message: '3:21  dev.callers.one.routes[0]: unknown path "/hello/": write "POST /hello"',
  },
  {
    title: 'a route twice',
    caller: '{ routes: [POST /hello, POST /hello] }',
    message: '3:34  dev.callers.one.routes[1]: duplicate list item: keep one',
  },
  {
    title: 'a mistyped key',
    caller: '{ externalId: [ab], routes: [POST /hello] }',
    message: '3:12  dev.callers.one.externalId: unknown key: write externalIds',
  },
  {
    title: 'a key that is similar to none',
    caller: '{ colour: red, routes: [POST /hello] }',
    message:
      '3:12  dev.callers.one.colour: unknown key: remove it; valid keys are iamUserArn, externalIds, principals, direct, routes',
  },
  {
    title: 'a key named __proto__',
    caller: '{ __proto__: { direct: true }, routes: [POST /hello] }',
    message:
      '3:12  dev.callers.one.__proto__: unknown key: remove it; valid keys are iamUserArn, externalIds, principals, direct, routes',
  },
  {
    title: 'a text instead of a caller',
    caller: 'POST /hello',
    message: '3:5  dev.callers.one: the value is "POST /hello": write a mapping with routes',
  },
  {
    title: 'a key twice',
    caller: '{ routes: [POST /hello], routes: [POST /hello] }',
    message: '3:35  duplicate key: keep one',
  },
]

for (const { title, caller, message } of wrongCallers) {
  test(`rejected with line and column: ${title}`, () => {
    assert.equal(errorOf(`dev:\n  callers:\n    one: ${caller}\n`), `access.yml:${message}`)
  })
}

const validCaller = '{ routes: [POST /hello] }'
const wrongMaps: readonly { readonly title: string; readonly map: string; readonly message: string }[] = [
  {
    title: 'an empty file',
    map: '',
    message: '1:1  the value is empty: write stages such as dev:, each with its callers',
  },
  {
    title: 'a list',
    map: '- dev\n',
    message: '1:1  the value is a list: write stages such as dev:, each with its callers',
  },
  {
    title: 'no stage at all',
    map: '{}',
    message: '1:1  this is empty: write stages such as dev:, each with its callers',
  },
  {
    title: 'a stage without callers',
    map: 'dev:\n  callers: {}\n',
    message: '2:3  dev.callers: this is empty: write the callers of the stage, each under its name',
  },
  {
    title: 'an unknown key next to callers',
    map: `dev:\n  callers: { one: ${validCaller} }\n  notes: {}\n`,
    message: '3:3  dev.notes: unknown key: remove it; valid keys are callers, targets, snowflake',
  },
  {
    title: 'a capital in the name of a stage',
    map: `Dev:\n  callers: { one: ${validCaller} }\n`,
    message: '1:1  Dev: a stage name has 1 to 16 lower-case letters and digits and begins with a letter: rename it',
  },
  {
    title: 'a stage named __proto__',
    map: `__proto__:\n  callers: { one: ${validCaller} }\n`,
    message:
      '1:1  __proto__: a stage name has 1 to 16 lower-case letters and digits and begins with a letter: rename it',
  },
  {
    title: 'the name of a stage that is too long',
    map: `a2345678901234567:\n  callers: { one: ${validCaller} }\n`,
    message:
      '1:1  a2345678901234567: a stage name has 1 to 16 lower-case letters and digits and begins with a letter: rename it',
  },
  {
    title: 'an underscore in the name of a caller',
    map: `dev:\n  callers:\n    a_b: ${validCaller}\n`,
    message:
      '3:5  dev.callers.a_b: a caller name has lower-case letters, digits and hyphens and begins with a letter: rename it',
  },
  {
    title: 'a caller name that could collide with an execution role',
    map: `dev:\n  callers:\n    hello-function: ${validCaller}\n`,
    message:
      '3:5  dev.callers.hello-function: a name ending in -function could collide with the execution role of a function: rename it',
  },
  {
    title: 'a role name of 65 characters',
    map: `dev:\n  callers:\n    ${'a'.repeat(52)}: ${validCaller}\n`,
    message: `3:5  dev.callers.${'a'.repeat(52)}: its caller role "snowgate-dev-${'a'.repeat(52)}" would have 65 characters, and the limit is 64: rename it`,
  },
  {
    title: 'a number as a name',
    map: `1:\n  callers: { one: ${validCaller} }\ndev:\n  callers: { one: ${validCaller} }\n`,
    message: '1:1  a key must be a string',
  },
  {
    title: 'an indent by tab',
    map: `dev:\n\tcallers: { one: ${validCaller} }\n`,
    message: '2:1  YAML does not allow tabs for indentation: use spaces',
  },
  {
    title: 'a bracket that is not closed',
    map: 'dev:\n  callers:\n    one: { routes: [POST /hello }\n',
    message:
      '3:33  YAML syntax error: Flow sequence in block collection must be sufficiently indented and end with a ]',
  },
  {
    title: 'a second document',
    map: `dev:\n  callers: { one: ${validCaller} }\n---\nstg: {}\n`,
    message: '3:1  only one YAML document is allowed: remove "---" between the stages',
  },
  {
    title: 'an alias',
    map: `dev: &dev\n  callers: { one: ${validCaller} }\nstg: *dev\n`,
    message: '3:1  stg: YAML aliases are not allowed: write the values out',
  },
  {
    title: 'a tag',
    map: `dev: !stage\n  callers: { one: ${validCaller} }\n`,
    message: '1:1  dev: the YAML tag !stage is not allowed: remove it',
  },
]

for (const { title, map, message } of wrongMaps) {
  test(`rejected with line and column: ${title}`, () => assert.equal(errorOf(map), `access.yml:${message}`))
}

test('a role name of 64 characters is accepted', () => {
  assert.equal(errorOf(`dev:\n  callers:\n    ${'a'.repeat(51)}: ${validCaller}\n`), 'accepted')
})

test('all problems are reported together, in line order', () => {
  const map = `# the map
dev:
  callers:
    snowflake:
      iamUserArn: ${role}
      routes: [POST /hello, GET /helo]
    analytics:
      principals: ["*", "*"]
      route: [POST /hello]
  caller: {}
Prod: {}
`
  assert.deepEqual(
    errorOf(map)
      .split('\n')
      .map((line) => line.replace(/: .*/, '')),
    [
      'access.yml:5:7  dev.callers.snowflake.iamUserArn',
      'access.yml:5:7  dev.callers.snowflake.iamUserArn',
      'access.yml:6:29  dev.callers.snowflake.routes[1]',
      'access.yml:7:5  dev.callers.analytics.routes',
      'access.yml:8:20  dev.callers.analytics.principals[0]',
      'access.yml:8:25  dev.callers.analytics.principals[1]',
      'access.yml:8:25  dev.callers.analytics.principals[1]',
      'access.yml:9:7  dev.callers.analytics.route',
      'access.yml:10:3  dev.caller',
      'access.yml:11:1  Prod',
      'access.yml:11:1  Prod.callers',
    ],
  )
})

test('a missing file is an AccessMapError that names it', () => {
  assert.throws(() => readAccessMap('/nowhere/access.yml'), {
    name: 'AccessMapError',
    message: /^\/nowhere\/access\.yml:1:1 {2}cannot read this file: ENOENT/,
  })
})

test('control characters of the map do not reach the terminal', () => {
  const message = errorOf('dev:\n  "\\e[31mred": 1\n"a\u0007b": 2\n%\u0007\n')
  assert.doesNotMatch(message.replaceAll('\n', ''), /\p{Cc}/u)
})
