import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { invokeRow } from '../../../functions/invoke/handler.ts'
import { invoke } from '../../../functions/invoke/invoke.ts'
import { parseTargets, serializeTargets } from '../../../shared/access/targets/index.ts'
import { createRequestSigner } from '../../../shared/aws/sign-request.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { propertyRuns, runsInFull } from '../../property-runs.ts'
import { hostilePaths } from './hostile-requests.ts'
import { credentials, target } from './invoke-harness.ts'

const allow = ['GET /status', 'POST /openCypher', 'GET /orders/{id}', 'PUT /files/*']
const base = 'https://graph.example.com:8182'

/** The form of a sent path for each rule: characters that SigV4 does not encode, and its escapes. */
const literalPaths: Readonly<Record<string, RegExp>> = {
  GET: /^\/(status|orders\/(?:[\w.~-]|%[0-9A-F]{2})+)$/,
  POST: /^\/openCypher$/,
  PUT: /^\/files\/(?:(?:[\w.~-]|%[0-9A-F]{2})+\/)*(?:[\w.~-]|%[0-9A-F]{2})*$/,
}

/** The request that would be sent, or the code of its rejection. */
const sentRequest = async (input: unknown) => {
  const sent: { url: string; method: string; headers: Readonly<Record<string, string>> }[] = []
  const handle = invoke({
    targets: parseTargets(serializeTargets(new Map([['graph', target(base, { allow })]]))),
    resolveTarget: async () => [],
    credentialsFor: async () => credentials,
    sign: (callable, keys, request) => createRequestSigner(callable, keys).sign(request, new Date(0)),
    send: async ({ url }, _, { method, target: wire, headers }) => {
      sent.push({ url: `${url.origin}${wire}`, method, headers })
      return { status: 200, headers: {}, body: Buffer.from('') }
    },
  })
  try {
    await handle(input, { callerArn: undefined, remainingMilliseconds: () => 1_000 })
  } catch (error) {
    if (error instanceof ServiceError) return error.code
    throw error
  }
  return sent[0]
}

const piece = fc.oneof(
  fc.constantFrom(
    '/',
    '..',
    '.',
    '%2f',
    '%2e',
    '%5c',
    '%25',
    ';',
    '?',
    '#',
    '@',
    ':',
    '//',
    '\\',
    '\r\n',
    '%00',
    '．',
    '%EF%BC%8F',
  ),
  fc.constantFrom('status', 'openCypher', 'orders', 'files', 'a', '%20', '%C3%AB', '~', '+', "'"),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
const path = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('')}`),
  fc.array(piece, { maxLength: 4 }).map((pieces) => `/orders/${pieces.join('')}`),
  fc.array(piece, { maxLength: 4 }).map((pieces) => `/files/${pieces.join('')}`),
  fc.constantFrom(...hostilePaths, '/status', '/openCypher', '/orders/1'),
  fc.string({ unit: 'binary' }),
)
const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean())
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('X-Amz-Date', 'Host', 'accept', 'X-Note', 'a&b', '__proto__'),
)
const request = fc.record(
  {
    target: fc.constant('graph'),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    path,
    query: fc.dictionary(name, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxKeys: 3 }),
    headers: fc.dictionary(name, scalar, { maxKeys: 2 }),
    body: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['target'] },
)

/** Only the path is random, so that more requests are sent. */
const segment = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).map(encodeURIComponent), piece)
const almostValidPaths = fc.oneof(
  fc.record({ target: fc.constant('graph'), method: fc.constant('GET'), path: segment.map((one) => `/orders/${one}`) }),
  fc.record({
    target: fc.constant('graph'),
    method: fc.constant('PUT'),
    path: fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => `/files/${all.join('/')}`),
    query: fc.dictionary(fc.constantFrom('a', 'a&b', '#', '?', '//'), scalar, { maxKeys: 2 }),
    body: fc.jsonValue({ maxDepth: 1 }),
  }),
)

test('every sent request has the origin of the target and a path that a rule allows literally', async () => {
  let sentCount = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(request, almostValidPaths), async (input) => {
      const outgoing = await sentRequest(input)
      if (typeof outgoing !== 'object') return
      sentCount++
      const url = new URL(outgoing.url)
      assert.equal(url.origin, base)
      assert.deepEqual([url.username, url.password, url.hash], ['', '', ''])
      const [wirePath = ''] = outgoing.url.slice(base.length).split('?')
      assert.match(wirePath, literalPaths[outgoing.method] ?? /^$/)
      // Every URL parser reads the same path.
      assert.equal(url.pathname, wirePath)
      assert.equal(outgoing.headers['host'], 'graph.example.com:8182')
      for (const [header, value] of Object.entries(outgoing.headers))
        assert.match(`${header}:${value}`, /^[\t\x20-\x7e]+$/)
    }),
    { numRuns: propertyRuns(3_000) },
  )
  assert.ok(sentCount > (runsInFull ? 100 : 10), `${sentCount} sent`)
})

test('a form parser reads the requested names and values of any query', async () => {
  const plain = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/\p{Cc}/u.test(text))
  const query = fc.dictionary(
    plain.filter((key) => !/^x-amz-/i.test(key) && key !== '__proto__'),
    fc.oneof(plain, fc.array(plain, { minLength: 1, maxLength: 3 })),
    { maxKeys: 4, noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(query, async (requested) => {
      const outgoing = await sentRequest({ target: 'graph', path: '/status', query: requested })
      assert.ok(typeof outgoing === 'object', String(outgoing))
      const found = new URL(outgoing.url).searchParams
      for (const [key, value] of Object.entries(requested)) assert.deepEqual(found.getAll(key), [value].flat())
    }),
  )
})

test('any input or row is rejected with a code, or sent', async () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    request,
    fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 }).map((row) => invokeRow.toInput([0, ...row])),
    fc.tuple(fc.constant('graph'), fc.jsonValue()).map((row) => invokeRow.toInput([0, ...row])),
  )
  await fc.assert(
    fc.asyncProperty(anything, async (input) => {
      const outgoing = await sentRequest(input)
      if (typeof outgoing === 'string')
        assert.match(outgoing, /^(INPUT_INVALID|TARGET_UNKNOWN|TARGET_REQUEST_REFUSED)$/)
    }),
    { numRuns: propertyRuns(2_000) },
  )
})

test('a row is a target and the other members, and a second target in them is rejected', async () => {
  assert.deepEqual(invokeRow.toInput([0, 'graph', { path: '/status' }]), { path: '/status', target: 'graph' })
  assert.deepEqual(invokeRow.toInput([0, 'graph']), { target: 'graph' })
  assert.deepEqual(invokeRow.toInput([0, 'graph', null]), { target: 'graph' })
  for (const second of [{ target: 'other', path: '/status' }, '/status', 7, ['/status']]) {
    assert.equal(await sentRequest(invokeRow.toInput([0, 'graph', second])), 'INPUT_INVALID')
  }
})
