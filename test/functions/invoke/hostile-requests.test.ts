import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AccessMapError, parseAccessMap } from '../../../shared/access/index.ts'
import { isPublicAddress, targetUrlFault } from '../../../shared/access/targets/index.ts'
import { hostileAddresses, hostilePaths, hostileRequests, hostileUrls } from './hostile-requests.ts'
import { createInvokeHarness, target } from './invoke-harness.ts'
import { ok, type RecordingTarget, startRecordingTarget } from './recording-target.ts'

let graph: RecordingTarget
before(async () => {
  graph = await startRecordingTarget(() => ok('allowed'))
})
after(() => graph.stop())

const createHarness = () =>
  createInvokeHarness({
    graph: target(graph.url, { allow: ['GET /status', 'POST /openCypher', 'GET /orders/{id}', 'GET /files/*'] }),
  })

const expectedRejections = new Map([
  ['INPUT_INVALID', 400],
  ['TARGET_UNKNOWN', 404],
  ['TARGET_REQUEST_REFUSED', 403],
])

test('valid requests are allowed, which makes the rejections below meaningful', async () => {
  const { call, counted } = createHarness()
  for (const path of [
    '/status',
    '/orders/17',
    '/orders/a%40b',
    '/files/a',
    '/files/a/b%20c/.hidden',
    '/files/x..y/',
    '/%73tatus',
  ]) {
    assert.equal((await call({ target: 'graph', path })).body, 'allowed', path)
  }
  assert.equal(counted.signatures, 7)
})

const hostileInputs = [...hostilePaths.map((path) => ({ target: 'graph', method: 'GET', path })), ...hostileRequests]

test(`each of ${hostileInputs.length} hostile requests is rejected without DNS lookup, credentials, signature or connection`, async () => {
  const { rejection, counted } = createHarness()
  const before = graph.connections()
  for (const input of hostileInputs) {
    const { code, status } = await rejection(input).catch((error) => {
      throw new Error(`${JSON.stringify(input)}: ${error.message}`)
    })
    assert.equal(expectedRejections.get(code), status, `${code} for ${JSON.stringify(input)}`)
  }
  assert.deepEqual(counted, { resolved: 0, signatures: 0, logins: [] })
  assert.equal(graph.connections(), before)
})

test(`a name that resolves to any of ${hostileAddresses.length} private addresses is rejected before signing, also next to a public address`, async () => {
  const private4 = { ...target('https://graph.example.com'), allow: ['GET /status'] }
  for (const address of hostileAddresses) {
    for (const answer of [[address], ['8.8.8.8', address]]) {
      const { rejection, counted } = createInvokeHarness(
        { graph: private4 },
        { resolve: async () => answer.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })) },
      )
      const { code, status, message } = await rejection({ target: 'graph', path: '/status' })
      assert.deepEqual([code, status], ['TARGET_ADDRESS_REFUSED', 422], address)
      assert.ok(address.length < 3 || !message.includes(address), 'the caller does not get the resolved address')
      assert.deepEqual([counted.signatures, counted.logins.length], [0, 0], address)
    }
  }
})

test('addresses of the public internet are public', () => {
  for (const address of [
    '8.8.8.8',
    '52.94.236.248',
    '172.32.0.1',
    '100.128.0.1',
    '192.0.1.1',
    '2600:1f18::1',
    '2a05:d018::1',
  ]) {
    assert.ok(isPublicAddress(address), address)
  }
})

test('a name that resolves to another address a moment later is connected to the checked address', async () => {
  const port = new URL(graph.url).port
  const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
  const { call, counted } = createInvokeHarness(
    { graph: target(`http://graph.example.com:${port}`, { allowPrivate: true }) },
    { resolve: async () => [{ address: answers.shift() ?? '', family: 4 }] },
  )
  const before = graph.connections()
  assert.equal((await call({ target: 'graph', path: '/status' })).body, 'allowed')
  assert.deepEqual([counted.resolved, graph.connections() - before], [1, 1])
})

test(`the access map accepts none of ${hostileUrls.length} hostile URLs as a target`, () => {
  for (const url of hostileUrls) {
    assert.ok(targetUrlFault(url, false), url)
    const map = `dev:
  callers: { one: { routes: [POST /invoke] } }
  targets: { graph: { url: ${JSON.stringify(url)}, service: s3, region: eu-central-1, allow: [GET /] } }`
    assert.throws(
      () => parseAccessMap(map),
      (error) =>
        error instanceof AccessMapError && error.problems.every(({ path }) => path === 'dev.targets.graph.url'),
      url,
    )
  }
})

test('with allowPrivate the access map accepts loopback, IP addresses and http, but no user, query or other spelling', () => {
  for (const url of [
    'http://127.0.0.1:8080',
    'https://10.0.0.7:8182',
    'http://localhost:4566',
    'https://[::1]:8182',
    'http://127.0.0.1:8080/prod',
  ]) {
    assert.equal(targetUrlFault(url, true), undefined, url)
  }
  for (const url of [
    'http://a@127.0.0.1',
    'ftp://127.0.0.1',
    'http://127.1',
    'http://127.0.0.1/?a',
    'http://127.0.0.1:80',
  ]) {
    assert.ok(targetUrlFault(url, true), url)
  }
})
