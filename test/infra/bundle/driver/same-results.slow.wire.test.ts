import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { ConnectionOptions } from 'snowflake-sdk'
import { close, connect, type Driver, loadDriver, query } from '../../../local/snowflake/server/node-driver.ts'
import { loadBundledDriver } from './bundled-driver.ts'
import { startScriptedServer } from './scripted-snowflake.ts'

const installed = await loadDriver()
const bundled = await loadBundledDriver()

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const encryptedFormat = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' } as const

const keyPair = (url: string): ConnectionOptions => ({
  account: 'MYORG-MYACCOUNT',
  accessUrl: url,
  username: 'probe',
  authenticator: 'SNOWFLAKE_JWT',
  privateKey: pem,
})
const workload = (url: string): ConnectionOptions => ({
  account: 'MYORG-MYACCOUNT',
  accessUrl: url,
  authenticator: 'WORKLOAD_IDENTITY',
  workloadIdentityProvider: 'AWS',
})

const parameters = {
  TIMEZONE: 'America/New_York',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS.FF9',
  TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'DY, DD MON YYYY HH24:MI:SS.FF3',
  BINARY_OUTPUT_FORMAT: 'HEX',
}

const column = (name: string, type: string, scale: number | null = null) => ({ name, type, scale, nullable: true })

/** One column of every type of a JSON rowset, with values that depend on the time zone and the parser. */
const everyType = {
  rowtype: [
    column('N', 'fixed', 0),
    column('BIG', 'fixed', 0),
    column('D', 'fixed', 2),
    column('R', 'real'),
    column('B', 'boolean'),
    column('S', 'text'),
    column('DAY', 'date'),
    column('CLOCK', 'time', 9),
    column('NTZ', 'timestamp_ntz', 9),
    column('LTZ', 'timestamp_ltz', 9),
    column('TZ', 'timestamp_tz', 9),
    column('V', 'variant'),
    column('XML', 'variant'),
    column('O', 'object'),
    column('A', 'array'),
    column('BIN', 'binary'),
    column('NOTHING', 'text'),
  ],
  rowset: [
    ...[['42', '12345678901234567890', '12.30', '1.5', '1', 'ü€😀', '19675', '3661.123000000']].map((cells) => [
      ...cells,
      '1700000000.123456789',
      '1720000000.123456789',
      '1700000000.123000000 1500',
      '{"a":[1,{"b":null}]}',
      '<a b="1">two<c/></a>',
      '{"x":"y"}',
      '[1,"x"]',
      'C0FFEE',
      null,
    ]),
  ],
  parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
  total: 1,
  returned: 1,
  queryId: '01c0e577-9ca2-4e05-a624-23f925185d0e',
  version: 1,
}

test('every type is read as by the installed driver, in a zone with daylight saving time, and XML too', async () => {
  await using server = await startScriptedServer({ query: { body: { success: true, data: everyType } } })
  const [one, other] = await Promise.all(
    [installed, bundled].map(async (driver) => {
      const connection = await connect(driver, keyPair(server.url))
      const { rows } = await query(connection, 'SELECT everything')
      await close(connection)
      return rows
    }),
  )
  const formatted = (rows: unknown) => inspect(rows, { depth: 5 })
  assert.equal(formatted(other), formatted(one))
  const { LTZ, XML, V, N } = JSON.parse(JSON.stringify(other?.[0]))
  assert.equal(JSON.stringify(other), JSON.stringify(one))
  assert.equal(LTZ, '2024-07-03 05:46:40.123456789 -04:00')
  assert.deepEqual([XML, V, N], [{ a: { '#text': 'two', c: '' } }, { a: [1, { b: null }] }, 42])
})

interface FailureCase {
  readonly name: string
  readonly server?: Parameters<typeof startScriptedServer>[0]
  readonly options?: (url: string) => ConnectionOptions
  /** Variables for this login: absent ones with undefined. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly code: unknown
  readonly message: RegExp
}

const withoutCredentials = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
}

const failureCases: readonly FailureCase[] = [
  {
    name: 'a rejected login',
    server: { login: { body: { success: false, code: '390144', message: 'JWT token is invalid. [x]', data: null } } },
    code: '390144',
    message: /^JWT token is invalid\. \[x\]$/,
  },
  {
    name: 'a missing role',
    server: {
      login: { body: { success: false, code: '390201', message: 'no warehouse', data: { sqlState: '08004' } } },
    },
    options: workload,
    code: '390201',
    message: /^no warehouse$/,
  },
  {
    name: 'another account',
    server: { login: { status: 403, body: '<html>' } },
    code: 401002,
    message: /^Request to /,
  },
  { name: 'an outage', server: { login: { status: 503, body: {} } }, code: 401002, message: /^Request to / },
  { name: 'an HTML page', server: { login: { body: '<html>' } }, code: undefined, message: /^$/ },
  { name: 'an unreachable host', options: () => keyPair('http://127.0.0.1:9'), code: 401001, message: /ECONNREFUSED/ },
  {
    name: 'TLS with a server without TLS',
    options: (url) => keyPair(url.replace('http:', 'https:')),
    code: 401001,
    message: /wrong version number/,
  },
  {
    name: 'a wrong passphrase',
    options: (url) => ({
      ...keyPair(url),
      privateKey: String(privateKey.export(encryptedFormat)),
      privateKeyPass: 'sesame',
    }),
    code: 'ERR_OSSL_BAD_DECRYPT',
    message: /bad decrypt/,
  },
  {
    name: 'a damaged key',
    options: (url) => ({ ...keyPair(url), privateKey: pem.replaceAll('\n', '\\n') }),
    code: 404026,
    message: /^Invalid private key/,
  },
  {
    name: 'no AWS credentials',
    options: workload,
    env: withoutCredentials,
    code: undefined,
    message: /^Could not load credentials from any providers$/,
  },
  {
    name: 'a host that is not trusted',
    options: workload,
    env: { SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: undefined },
    code: undefined,
    message: /^WORKLOAD_IDENTITY requires a recognized Snowflake host\. Got: 127\.0\.0\.1\./,
  },
  {
    name: 'a rejected statement',
    server: {
      query: {
        body: { success: false, code: '001003', message: 'SQL compilation error:\nx', data: { sqlState: '42000' } },
      },
    },
    code: '001003',
    message: /^SQL compilation error:\nx$/,
  },
]

const errorOf = async (driver: Driver, options: ConnectionOptions) => {
  try {
    const connection = await connect(driver, options)
    await query(connection, 'SELECT 1').finally(() => close(connection))
  } catch (thrown) {
    const { name, code, message, sqlState, cause, isFatal } = thrown as Error & Record<string, unknown> // the driver's
    const { code: causeCode, message: causeMessage } = (cause ?? {}) as Record<string, unknown>
    return { name, code, message, sqlState, isFatal, causeCode, causeMessage }
  }
  throw new Error('the driver must fail')
}

const isolatedEnvironment: FailureCase['env'] = {
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
}

const setEnvironment = (env: NonNullable<FailureCase['env']>) => {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

test('failures are the same as with the installed driver', async (context) => {
  for (const { name, server: script = {}, options = keyPair, env = {}, code, message } of failureCases) {
    await context.test(name, async () => {
      await using server = await startScriptedServer(script)
      setEnvironment({ ...isolatedEnvironment, ...env })
      const one = await errorOf(installed, options(server.url))
      const other = await errorOf(bundled, options(server.url))
      assert.deepEqual(other, one)
      assert.equal(other.code, code)
      assert.match(String(other.message), message)
    })
  }
})
