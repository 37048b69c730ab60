import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ConnectionOptions } from 'snowflake-sdk'
import { excludedModules } from '../../../../infra/bundle/driver/index.ts'
import { close, connect, query } from '../../../local/snowflake/server/node-driver.ts'
import { temporaryFolder } from '../../compile.ts'
import { loadBundledDriver } from './bundled-driver.ts'
import { startScriptedServer } from './scripted-snowflake.ts'

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

const tokenLogin = { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'token' }
const oauth = { oauthClientId: 'id', oauthClientSecret: 'secret', oauthTokenRequestUrl: 'https://127.0.0.1/token' }

/** Uses of each excluded feature, which fail or log its error. */
const uses: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  'PUT and GET of files': async (url) => {
    const connection = await logIn(url, tokenLogin)
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
    const lines: string[] = []
    const record = (line: string) => void lines.push(line)
    driver.configure({ customLogger: { error: record, warn: record, info: record, debug: record, trace: record } })
    // The error is only in the driver's log.
    assert.throws(() => driver.createConnection(undefined as never), /Connection options must be specified/)
    throw new Error(lines.at(-1))
  },
  'a log without customLogger': async () => {
    driver.configure({ logLevel: 'INFO' })
    driver.createConnection({ account: 'a', ...tokenLogin })
  },
}

/** Features that no use of the driver reaches. */
const unreachableFeatures = ['logins with a cached browser token', 'forms', 'HTTP/2', 'an OCSP responder']

test('every excluded feature is used here, or unreachable', () => {
  assert.deepEqual(
    [...Object.keys(uses), ...unreachableFeatures].sort(),
    excludedModules.map(({ feature }) => feature).sort(),
  )
})

test('the error of an excluded feature names it', async (context) => {
  await using server = await startScriptedServer({ query: { body: { success: true, data: {} } } })
  for (const [feature, use] of Object.entries(uses)) {
    await context.test(feature, async () => {
      await assert.rejects(
        async () => use(server.url),
        ({ message }) => message.endsWith(`The bundled driver does not include ${feature}.`) || assert.fail(message),
      )
    })
  }
})

test("the error of fetch's classes in the driver thread names them", () => {
  assert.throws(() => new Request('https://127.0.0.1'), {
    message: "The bundled driver does not include fetch's classes.",
  })
})
