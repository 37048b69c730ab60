import assert from 'node:assert/strict'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { after, test } from 'node:test'
import { setDefaultCACertificates } from 'node:tls'
import type { ConnectionOptions } from 'snowflake-sdk'
import { close, connect, type Driver, loadDriver } from '../../../local/snowflake/server/node-driver.ts'
import { temporaryFolder } from '../../compile.ts'
import { loadBundledDriver } from './bundled-driver.ts'
import { authority, certificate, key } from './test-certificate.ts'

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
}

/** Snowflake's cache of OCSP responses: requested before a responder. */
const ocspRequests: unknown[] = []
const cache = createHttpServer((request, response) => {
  ocspRequests.push(request.url)
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
})

const snowflake = createHttpsServer({ cert: certificate, key }, (request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ success: true, data: { token: 'token', masterToken: 'master', sessionId: 1 } }))
})

// The driver reads them on load, and when it first checks a certificate.
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

/** The result of a login. */
const logIn = (driver: Driver): Promise<string> =>
  connect(driver, options).then(
    async (connection) => {
      await close(connection)
      return 'logged in'
    },
    ({ code, message }) => `${code}: ${message}`,
  )

test('a certificate of an untrusted authority fails the login', async (context) => {
  for (const { name, driver } of drivers) {
    await context.test(name, async () => assert.match(await logIn(driver), /^401001: unable to verify/))
  }
})

test('a certificate of a trusted authority is checked with OCSP, and an invalid OCSP response is ignored', async (context) => {
  setDefaultCACertificates([authority])
  for (const { name, driver } of drivers) {
    await context.test(name, async () => {
      ocspRequests.length = 0
      assert.equal(await logIn(driver), 'logged in')
      const [cacheRequest, responder, ...more] = ocspRequests
      assert.deepEqual([cacheRequest, more], ['/ocsp_response_cache.json', []])
      assert.match(String(responder), /^\/retry\/127\.0\.0\.1:9\//)
    })
  }
})

test('an invalid OCSP response fails the login with ocspFailOpen: false', async (context) => {
  for (const { name, driver } of drivers) {
    await context.test(name, async () => {
      driver.configure({ ocspFailOpen: false })
      // The response is not ASN.1.
      assert.equal(await logIn(driver), '401001: Failed to match tag: "seq" at: (shallow)')
    })
  }
})
