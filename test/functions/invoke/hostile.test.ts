import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AccessMapError, parseAccessMap } from '../../../shared/access/index.ts'
import { isPublicAddress, targetUrlFault } from '../../../shared/targets/index.ts'
import { hostileAddresses, hostilePaths, hostileRequests, hostileUrls } from './hostile.ts'
import { invoking, target } from './invoking.ts'
import { ok, type RecordingTarget, recordingTarget } from './recording-target.ts'

let graph: RecordingTarget
before(async () => {
  graph = await recordingTarget(() => ok('let in'))
})
after(() => graph.stop())

const open = () =>
  invoking({
    graph: target(graph.url, { allow: ['GET /status', 'POST /openCypher', 'GET /orders/{id}', 'GET /files/*'] }),
  })

const refused = new Map([
  ['INPUT_INVALID', 400],
  ['TARGET_UNKNOWN', 404],
  ['TARGET_REQUEST_REFUSED', 403],
])

test('what is not hostile is let in, so that the refusals below mean something', async () => {
  const { call, counted } = open()
  for (const path of [
    '/status',
    '/orders/17',
    '/orders/a%40b',
    '/files/a',
    '/files/a/b%20c/.hidden',
    '/files/x..y/',
    '/%73tatus',
  ]) {
    assert.equal((await call({ target: 'graph', path })).body, 'let in', path)
  }
  assert.equal(counted.signatures, 7)
})

const asked = [...hostilePaths.map((path) => ({ target: 'graph', method: 'GET', path })), ...hostileRequests]

test(`of ${asked.length} hostile requests each is refused: no name resolved, no login, no signature, no connection`, async () => {
  const { refusal, counted } = open()
  const before = graph.connections()
  for (const input of asked) {
    const { code, status } = await refusal(input).catch((error) => {
      throw new Error(`${JSON.stringify(input)}: ${error.message}`)
    })
    assert.equal(refused.get(code), status, `${code} for ${JSON.stringify(input)}`)
  }
  assert.deepEqual(counted, { resolved: 0, signatures: 0, logins: [] })
  assert.equal(graph.connections(), before)
})

test(`a name that leads to any of ${hostileAddresses.length} addresses is refused before anything is signed, beside a public one too`, async () => {
  const private4 = { ...target('https://graph.example.com'), allow: ['GET /status'] }
  for (const address of hostileAddresses) {
    for (const answer of [[address], ['8.8.8.8', address]]) {
      const { refusal, counted } = invoking(
        { graph: private4 },
        { resolve: async () => answer.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })) },
      )
      const { code, status, message } = await refusal({ target: 'graph', path: '/status' })
      assert.deepEqual([code, status], ['TARGET_ADDRESS_REFUSED', 422], address)
      assert.ok(address.length < 3 || !message.includes(address), 'the caller is not told what the name leads to')
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

test('a name that leads elsewhere a moment later is connected to where it was judged', async () => {
  const port = new URL(graph.url).port
  const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
  const { call, counted } = invoking(
    { graph: target(`http://graph.example.com:${port}`, { allowPrivate: true }) },
    { resolve: async () => [{ address: answers.shift() ?? '', family: 4 }] },
  )
  const before = graph.connections()
  assert.equal((await call({ target: 'graph', path: '/status' })).body, 'let in')
  assert.deepEqual([counted.resolved, graph.connections() - before], [1, 1])
})

test(`of ${hostileUrls.length} hostile URLs the map takes none for a target`, () => {
  for (const url of hostileUrls) {
    assert.ok(targetUrlFault(url, false), url)
    const map = `dev:
  callers: { one: { routes: [POST /invoke] } }
  targets: { graph: { url: ${JSON.stringify(url)}, service: s3, region: eu-central-1, allow: [GET /] } }`
    assert.throws(
      () => parseAccessMap(map),
      (error) =>
        error instanceof AccessMapError && error.problems.every(({ place }) => place === 'dev.targets.graph.url'),
      url,
    )
  }
})

test('with allowPrivate the map takes loopback, numbers and http, and still no user, query or second spelling', () => {
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
