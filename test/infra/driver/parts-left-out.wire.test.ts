import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ConnectionOptions } from 'snowflake-sdk'
import { leftOut } from '../../../infra/driver/index.ts'
import { close, connect, query } from '../../local/snowflake-server/node-driver.ts'
import { temporaryFolder } from '../compile.ts'
import { loadBundledDriver } from './bundled-driver.ts'
import { startScripted } from './scripted-server.ts'

const driver = await loadBundledDriver()
const home = await temporaryFolder()
await writeFile(join(home, 'connections.toml'), '[default]\naccount = "a"\n', { mode: 0o600 })

const logIn = (url: string, options: ConnectionOptions) =>
  connect(driver, { account: 'MYORG-MYACCOUNT', accessUrl: url, username: 'probe', ...options })

const workload = (provider: 'AWS' | 'AZURE' | 'GCP', impersonate?: readonly string[]): ConnectionOptions => ({
  authenticator: 'WORKLOAD_IDENTITY',
  workloadIdentityProvider: provider,
  ...(impersonate && { workloadIdentityImpersonationPath: [...impersonate] }),
})

const byToken = { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'token' }
const oauth = { oauthClientId: 'id', oauthClientSecret: 'secret', oauthTokenRequestUrl: 'https://127.0.0.1/token' }

/** What tells, as an error or in the log, of the part that is not there. */
const uses: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  'PUT and GET of files': async (url) => {
    const connection = await logIn(url, byToken)
    await query(connection, 'PUT file:///tmp/x @~').finally(() => close(connection))
  },
  'workload identities of Azure': (url) => logIn(url, workload('AZURE')),
  'workload identities of Google Cloud': (url) => logIn(url, workload('GCP')),
  'logins through a browser': (url) => logIn(url, { authenticator: 'EXTERNALBROWSER' }),
  'logins through Okta': (url) => logIn(url, { authenticator: 'https://acme.okta.com', password: 'guessed' }),
  'OAuth through a browser': (url) => logIn(url, { authenticator: 'OAUTH_AUTHORIZATION_CODE', ...oauth }),
  'OAuth with a client secret': (url) => logIn(url, { authenticator: 'OAUTH_CLIENT_CREDENTIALS', ...oauth }),
  'the region from the metadata of EC2': async (url) => {
    const { AWS_REGION } = process.env
    delete process.env['AWS_REGION']
    await logIn(url, workload('AWS')).finally(() => Object.assign(process.env, { AWS_REGION }))
  },
  'pools of connections': async () => driver.createPool({ account: 'a' }, { max: 1 }),
  'connections.toml': async () => {
    process.env['SNOWFLAKE_HOME'] = home
    const heard: string[] = []
    const hear = (line: string) => void heard.push(line)
    driver.configure({ customLogger: { error: hear, warn: hear, info: hear, debug: hear, trace: hear } })
    // It tells the log what it tells nobody else.
    assert.throws(() => driver.createConnection(undefined as never), /Connection options must be specified/)
    throw new Error(heard.at(-1))
  },
  'a log without customLogger': async () => {
    driver.configure({ logLevel: 'INFO' })
    driver.createConnection({ account: 'a', ...byToken })
  },
}

/** Nothing that could be asked of the driver leads there. */
const outOfReach = ['logins by a token kept from a browser', 'forms', 'HTTP/2', 'an OCSP responder']

test('every part is asked for, or out of reach', () => {
  assert.deepEqual([...Object.keys(uses), ...outOfReach].sort(), leftOut.map(({ what }) => what).sort())
})

test('who asks the bundled driver for a part that is left out is told so', async (context) => {
  await using server = await startScripted({ query: { body: { success: true, data: {} } } })
  for (const [what, use] of Object.entries(uses)) {
    await context.test(what, async () => {
      await assert.rejects(
        async () => use(server.url),
        ({ message }) => message.endsWith(`The bundled driver does without ${what}.`) || assert.fail(message),
      )
    })
  }
})

test("fetch's classes are refused by name in the thread of the driver", () => {
  assert.throws(() => new Request('https://127.0.0.1'), {
    message: 'The bundled driver does not include fetch’s classes.',
  })
})
