import assert from 'node:assert/strict'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { after, test } from 'node:test'
import { setDefaultCACertificates } from 'node:tls'
import type { ConnectionOptions } from 'snowflake-sdk'
import { close, connect, type Driver, loadDriver } from '../../local/snowflake-server/node-driver.ts'
import { temporaryFolder } from '../compile.ts'
import { loadBundledDriver } from './bundled-driver.ts'
import { authority, certificate, key } from './certificate.ts'

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
}

/** Where Snowflake keeps answers of OCSP responders: asked before a responder is. */
const asked: unknown[] = []
const cache = createHttpServer((request, response) => {
  asked.push(request.url)
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
})

const snowflake = createHttpsServer({ cert: certificate, key }, (request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ success: true, data: { token: 'token', masterToken: 'master', sessionId: 1 } }))
})

// Read when a driver is loaded, and when it first checks a certificate.
process.env['SF_OCSP_RESPONSE_CACHE_DIR'] = await temporaryFolder()
process.env['SF_OCSP_RESPONSE_CACHE_SERVER_URL'] = `http://${await listen(cache)}/ocsp_response_cache.json`
const drivers = [
  { name: 'installed', driver: await loadDriver() },
  { name: 'bundled', driver: await loadBundledDriver() },
]
const options: ConnectionOptions = {
  account: 'MYORG-MYACCOUNT',
  accessUrl: `https://${await listen(snowflake)}`,
  username: 'probe',
  authenticator: 'PROGRAMMATIC_ACCESS_TOKEN',
  token: 'token',
}

after(() => {
  cache.close()
  snowflake.closeAllConnections()
  snowflake.close()
})

/** What came of a login. */
const logIn = (driver: Driver): Promise<string> =>
  connect(driver, options).then(
    async (connection) => {
      await close(connection)
      return 'logged in'
    },
    ({ code, message }) => `${code}: ${message}`,
  )

test('an authority that is not trusted lets nobody in', async (context) => {
  for (const { name, driver } of drivers) {
    await context.test(name, async () => assert.match(await logIn(driver), /^401001: unable to verify/))
  }
})

test('of one that is trusted, OCSP is asked about the certificate, and an answer that is none is let pass', async (context) => {
  setDefaultCACertificates([authority])
  for (const { name, driver } of drivers) {
    await context.test(name, async () => {
      asked.length = 0
      assert.equal(await logIn(driver), 'logged in')
      const [kept, responder, ...more] = asked
      assert.deepEqual([kept, more], ['/ocsp_response_cache.json', []])
      assert.match(String(responder), /^\/retry\/127\.0\.0\.1:9\//)
    })
  }
})

test('an answer that is none shuts the door when the driver is told to insist', async (context) => {
  for (const { name, driver } of drivers) {
    await context.test(name, async () => {
      driver.configure({ ocspFailOpen: false })
      // Its answer is no ASN.1.
      assert.equal(await logIn(driver), '401001: Failed to match tag: "seq" at: (shallow)')
    })
  }
})
