import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { STSServiceException } from '@aws-sdk/client-sts'
import type { StackRequest } from '../../running-stack.ts'
import { type Caller, startTargetsAndSts, type TargetName } from './target-servers.ts'

/** Calls out, from the trust of a target's role to the target's own policy, each rejection with its check. */

let servers: Awaited<ReturnType<typeof startTargetsAndSts>>
before(async () => {
  servers = await startTargetsAndSts()
})
after(() => servers.stop())

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

test('Neptune answers /status as documented to who assumed the role under the external id', async () => {
  const { status, headers, body } = await servers.call('graph', { path: '/status' }, await servers.assume('graph'))
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/json')
  const { startTime, ...rest } = JSON.parse(body)
  assert.match(startTime, /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}$/)
  assert.deepEqual([rest.status, rest.role, rest.features.IAMAuthentication], ['healthy', 'writer', 'enabled'])
  assert.deepEqual(Object.keys(rest), [
    'status',
    'dbEngineVersion',
    'role',
    'dfeQueryEngine',
    'gremlin',
    'sparql',
    'opencypher',
    'labMode',
    'features',
    'settings',
  ])
})

test('Neptune takes a presigned request', async () => {
  const keys = await servers.assume('graph')
  assert.equal((await servers.call('graph', { path: '/status' }, keys, { signQuery: true })).status, 200)
})

for (const [query, row] of [
  ['RETURN 1', { 1: 1 }],
  ["return 'a' as letter;", { letter: 'a' }],
  ['RETURN TRUE AS t', { t: true }],
] as const) {
  test(`Neptune answers ${query}, by POST and by GET`, async () => {
    const keys = await servers.assume('queried')
    const text = new URLSearchParams({ query }).toString().replaceAll('+', '%20')
    const sent = { method: 'POST', path: '/openCypher', headers: form, body: text }
    for (const { status, body } of [
      await servers.call('queried', sent, keys),
      await servers.call('queried', { path: `/openCypher?${text}` }, keys),
    ]) {
      assert.deepEqual([status, JSON.parse(body)], [200, { results: [row] }])
    }
  })
}

test('the API of another account says back what it was sent, without what signed it', async () => {
  const keys = await servers.assume('orders')
  const sent = {
    method: 'POST',
    path: '/orders?size=2&size=3&name=a%20b',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': '1' },
    body: '{"order":1}',
  }
  const { status, body } = await servers.call('orders', sent, keys)
  const { headers, ...echo } = JSON.parse(body)
  assert.deepEqual(
    { status, ...echo },
    {
      status: 200,
      method: 'POST',
      path: '/orders',
      query: { size: ['2', '3'], name: ['a b'] },
      body: '{"order":1}',
    },
  )
  assert.deepEqual([headers['idempotency-key'], headers['content-type']], [['1'], ['application/json']])
  assertNoCredentials(body, keys)
})

test('nor does a presigned request come back with its signature', async () => {
  const keys = await servers.assume('orders')
  const { status, body } = await servers.call('orders', { path: '/orders/7' }, keys, { signQuery: true })
  assert.equal(status, 200)
  assertNoCredentials(body, keys)
})

test('any other service says back what it was sent once its signature is verified', async () => {
  const keys = servers.session('invoker')
  const sent = { method: 'POST', path: '/index?q=1', headers: { 'Content-Type': 'text/plain', 'X-A': 'b' }, body: 'é' }
  const { status, body } = await servers.call('search', sent, keys)
  const { headers, ...echo } = JSON.parse(body)
  assert.deepEqual(
    { status, ...echo, a: headers['x-a'] },
    { status: 200, method: 'POST', path: '/v1/index', query: { q: ['1'] }, body: 'é', a: ['b'] },
  )
  assertNoCredentials(body, keys)
})

const assertNoCredentials = (text: string, { sessionToken }: { sessionToken?: string | null | undefined }) => {
  assert.ok(sessionToken && !text.includes(sessionToken) && !text.includes(encodeURIComponent(sessionToken)))
  assert.doesNotMatch(text, /signature|authorization|x-amz-credential|security-token/i)
}

test('the API of an account of its own lets in who is named in its policy and has one of their own', async () => {
  assert.equal((await servers.call('stock', items, servers.session('invoker'))).status, 200)
})

test('an administrator of the API’s own account gets in without being named in its policy', async () => {
  assert.equal((await servers.call('orders', { path: '/refunds' }, servers.session('insider'))).status, 200)
})

interface Trust {
  readonly claim: string
  readonly target: 'graph' | 'orders'
  readonly given: { as?: Caller; externalId?: string | null }
  readonly user: string
}

const invoker = 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-invoke-function/session'
const trusts: readonly Trust[] = [
  {
    claim: 'the external id of another target',
    target: 'graph',
    given: { externalId: 'orders-1' },
    user: invoker,
  },
  { claim: 'no external id', target: 'orders', given: { externalId: null }, user: invoker },
  {
    claim: 'the role of another function',
    target: 'graph',
    given: { as: 'other' },
    user: 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-hello-function/session',
  },
]
const roleArns = {
  graph: 'arn:aws:iam::333333333333:role/NeptuneReader',
  orders: 'arn:aws:iam::555555555555:role/callers/OrdersReader',
} as const

for (const { claim, target, given, user } of trusts) {
  test(`at the role of ${target}, ${claim} is rejected by STS with 403 AccessDenied`, async () => {
    const error = await servers.assume(target, given).then(
      () => assert.fail('it was let in'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof STSServiceException, String(error))
    assert.deepEqual(
      [error.$metadata.httpStatusCode, error.name, error.message],
      [
        403,
        'AccessDenied',
        `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${roleArns[target]} because no role trust policy allows the sts:AssumeRole action`,
      ],
    )
  })
}

interface RejectionCase {
  readonly claim: string
  readonly target: TargetName
  readonly request: () => ReturnType<typeof servers.call>
  readonly status?: number
  /** `code` of Neptune's body, `x-amzn-ErrorType` elsewhere. */
  readonly type: string
  readonly message: RegExp
  /** What the journal names as the check that failed. */
  readonly check: string
}

type SessionOf = 'graph' | 'queried' | 'orders' | { readonly as: Caller }
const keysOf = (from: SessionOf) => (typeof from === 'string' ? servers.assume(from) : servers.session(from.as))
const sending =
  (
    target: TargetName,
    from: SessionOf,
    sent: StackRequest,
    how: Parameters<typeof servers.call>[3] = {},
  ): RejectionCase['request'] =>
  async () =>
    servers.call(target, sent, await keysOf(from), how)
const status = { path: '/status' }
const items = { path: '/live/items/1' }
const tooEarly = new Date(Date.now() - 6 * 60_000)

const reader = 'arn:aws:sts::333333333333:assumed-role/NeptuneReader/analytics'
const denied = (user: string, action: string, resource: string, reason: string) =>
  new RegExp(
    `^User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no ${reason} policy allows the ${action} action$`,
  )
const orders = 'arn:aws:execute-api:eu-west-1:\\*{8}5555:a1b2c3d4e5/prod'
const stock = 'arn:aws:execute-api:eu-west-1:\\*{8}7777:f6g7h8i9j0/live'
const mismatch = /^The request signature we calculated does not match the signature you provided\. /
const wrongService = (service: string) =>
  new RegExp(`^Credential should be scoped to correct service: '${service}'\\. $`)
const wrongRegion = /^Credential should be scoped to a valid region, not 'us-east-1'\. $/
const missing = /^Missing Authentication Token$/

const cases: readonly RejectionCase[] = [
  {
    claim: 'an unsigned request',
    target: 'graph',
    request: () => servers.callUnsigned('graph', status),
    type: 'AccessDeniedException',
    message: missing,
    check: 'presence',
  },
  {
    claim: 'a signature for another service',
    target: 'graph',
    request: sending('graph', 'graph', status, { service: 'execute-api' }),
    type: 'AccessDeniedException',
    message: wrongService('neptune-db'),
    check: 'scope',
  },
  {
    claim: 'a signature for the region of the function',
    target: 'graph',
    request: sending('graph', 'graph', status, { region: 'us-east-1' }),
    type: 'AccessDeniedException',
    message: wrongRegion,
    check: 'scope',
  },
  {
    claim: 'a wrong secret',
    target: 'graph',
    request: async () => servers.call('graph', status, { ...(await servers.assume('graph')), secretAccessKey: 'x' }),
    type: 'AccessDeniedException',
    message: mismatch,
    check: 'signature',
  },
  {
    claim: 'a session without its token',
    target: 'graph',
    request: async () => servers.call('graph', status, { ...(await servers.assume('graph')), sessionToken: null }),
    type: 'AccessDeniedException',
    message: /^The security token included in the request is invalid\.?$/,
    check: 'key',
  },
  {
    claim: 'a clock six minutes behind',
    target: 'graph',
    request: sending('graph', 'graph', status, { date: tooEarly }),
    type: 'AccessDeniedException',
    message: /^Signature expired: .* - 5 min\.\)$/,
    check: 'clock',
  },
  {
    claim: 'a query by the role for the status',
    target: 'graph',
    request: sending('graph', 'graph', {
      method: 'POST',
      path: '/openCypher',
      headers: form,
      body: 'query=RETURN%201',
    }),
    type: 'AccessDeniedException',
    message: denied(
      reader,
      'neptune-db:ReadDataViaQuery',
      'arn:aws:neptune-db:ap-northeast-1:333333333333:cluster-GRAPH/database',
      'identity-based',
    ),
    check: 'identity-based policy',
  },
  {
    claim: 'the role of another cluster in the same account',
    target: 'graph',
    request: sending('graph', 'queried', status),
    type: 'AccessDeniedException',
    message: denied(
      'arn:aws:sts::333333333333:assumed-role/NeptuneReader2/analytics',
      'neptune-db:GetEngineStatus',
      'arn:aws:neptune-db:ap-northeast-1:333333333333:cluster-GRAPH/database',
      'identity-based',
    ),
    check: 'identity-based policy',
  },
  {
    claim: 'an administrator of another account, as Neptune has no policy to let one in',
    target: 'graph',
    request: sending('graph', { as: 'other' }, status),
    type: 'AccessDeniedException',
    message: denied(
      'arn:aws:sts::111111111111:assumed-role/snowgate-dev-hello-function/session',
      'neptune-db:GetEngineStatus',
      'arn:aws:neptune-db:ap-northeast-1:333333333333:cluster-GRAPH/database',
      'resource-based',
    ),
    check: 'resource-based policy',
  },
  {
    claim: 'a path of Neptune’s that is not imitated',
    target: 'graph',
    request: sending('graph', 'graph', { method: 'POST', path: '/gremlin', body: '{}' }),
    status: 501,
    type: 'LocalUnsupported',
    message: /^The local stack does not imitate POST \/gremlin of Neptune\. /,
    check: 'request',
  },
  {
    claim: 'a query that needs a graph',
    target: 'queried',
    request: sending('queried', 'queried', { path: '/openCypher?query=MATCH%20%28n%29%20RETURN%20n' }),
    status: 501,
    type: 'LocalUnsupported',
    message: /^The local stack does not imitate this openCypher query\. /,
    check: 'request',
  },
  {
    claim: 'no query',
    target: 'queried',
    request: sending('queried', 'queried', { method: 'POST', path: '/openCypher', headers: form, body: 'q=1' }),
    status: 400,
    type: 'BadRequestException',
    message: /^The request could not be completed\.$/,
    check: 'request',
  },
  {
    claim: 'an unsigned request',
    target: 'orders',
    request: () => servers.callUnsigned('orders', { path: '/prod/orders/7' }),
    type: 'MissingAuthenticationTokenException',
    message: missing,
    check: 'presence',
  },
  {
    claim: 'another stage',
    target: 'orders',
    request: () => servers.callUnsigned('orders', { path: '/dev/orders/7' }),
    type: 'MissingAuthenticationTokenException',
    message: missing,
    check: 'route',
  },
  {
    claim: 'a signature for another service',
    target: 'orders',
    request: sending('orders', 'orders', { path: '/orders/7' }, { service: 'neptune-db' }),
    type: 'InvalidSignatureException',
    message: wrongService('execute-api'),
    check: 'scope',
  },
  {
    claim: 'a signature for another region',
    target: 'orders',
    request: sending('orders', 'orders', { path: '/orders/7' }, { region: 'us-east-1' }),
    type: 'InvalidSignatureException',
    message: wrongRegion,
    check: 'scope',
  },
  {
    claim: 'a route that the role may not call',
    target: 'orders',
    request: sending('orders', 'orders', { method: 'DELETE', path: '/orders/7' }),
    type: 'AccessDeniedException',
    message: denied(
      'arn:aws:sts::555555555555:assumed-role/OrdersReader/analytics',
      'execute-api:Invoke',
      `${orders}/DELETE/orders/7`,
      'identity-based',
    ),
    check: 'identity-based policy',
  },
  {
    claim: 'the function’s own role instead of the target’s',
    target: 'orders',
    request: sending('orders', { as: 'other' }, { path: '/orders/7' }),
    type: 'AccessDeniedException',
    message: denied(
      'arn:aws:sts::111111111111:assumed-role/snowgate-dev-hello-function/session',
      'execute-api:Invoke',
      `${orders}/GET/orders/7`,
      'resource-based',
    ),
    check: 'resource-based policy',
  },
  {
    claim: 'a route that the API admits and the caller’s own policy does not',
    target: 'stock',
    request: sending('stock', { as: 'invoker' }, { method: 'PUT', path: '/live/items' }),
    type: 'AccessDeniedException',
    message: denied(invoker, 'execute-api:Invoke', `${stock}/PUT/items`, 'identity-based'),
    check: 'identity-based policy',
  },
  {
    claim: 'a route that the caller’s own policy admits and the API’s does not',
    target: 'stock',
    request: sending('stock', { as: 'invoker' }, { path: '/live/secrets' }),
    type: 'AccessDeniedException',
    message: denied(invoker, 'execute-api:Invoke', `${stock}/GET/secrets`, 'resource-based'),
    check: 'resource-based policy',
  },
  {
    claim: 'a role that the API’s policy does not name',
    target: 'stock',
    request: sending('stock', { as: 'other' }, items),
    type: 'AccessDeniedException',
    message: denied(
      'arn:aws:sts::111111111111:assumed-role/snowgate-dev-hello-function/session',
      'execute-api:Invoke',
      `${stock}/GET/items/1`,
      'resource-based',
    ),
    check: 'resource-based policy',
  },
  {
    claim: 'an unsigned request',
    target: 'search',
    request: () => servers.callUnsigned('search', { path: '/v1/index' }),
    type: 'MissingAuthenticationTokenException',
    message: missing,
    check: 'presence',
  },
  {
    claim: 'a signature for another service',
    target: 'search',
    request: sending('search', { as: 'invoker' }, { path: '/index' }, { service: 's3' }),
    type: 'InvalidSignatureException',
    message: wrongService('es'),
    check: 'scope',
  },
]

for (const { claim, target, request, status = 403, type, message, check } of cases) {
  test(`at ${target}, ${claim} is rejected with ${status} ${type}`, async () => {
    const answer = await request()
    const { code, detailedMessage, requestId, message: words, Message, ...more } = JSON.parse(answer.body)
    const shown = code ?? answer.headers['x-amzn-errortype']
    assert.deepEqual({ status: answer.status, type: shown, more }, { status, type, more: {} })
    assert.match(detailedMessage ?? words ?? Message, message)
    if (code) assert.equal(requestId, answer.requestId)

    const entry = servers.journal.find(answer.requestId)
    assert.deepEqual([entry?.outcome, entry?.status], ['rejected', status])
    const failed = entry?.steps.filter(({ outcome }) => outcome !== 'passed').map((step) => step.check) ?? []
    assert.ok(failed.includes(check), `${check} is not among ${JSON.stringify(entry?.steps, undefined, 1)}`)
  })
}

test('a request target that no URL parser reads is rejected and not answered with a defect', async () => {
  for (const path of ['//', '//[', '/status?%', '/%', '*']) {
    for (const target of ['graph', 'search'] as const) {
      const { status } = await servers.callUnsigned(target, { path })
      assert.ok(status === 400 || status === 403, `${target} ${path}: ${status}`)
    }
  }
})

test('no secret and no session token stands in the log', async () => {
  const keys = await servers.assume('graph')
  await servers.call('graph', status, keys, { signQuery: true })
  const log = servers.log.join('\n')
  assert.ok(log.includes('neptune-db GET /status'))
  for (const secret of [keys.secretAccessKey, keys.sessionToken ?? '']) assert.ok(!log.includes(secret))
})
