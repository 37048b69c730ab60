import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { RoleResource } from '../../../../local/deployment/deployed-resources.ts'
import { createWireServer } from '../../../../local/http.ts'
import { createIdentifiers } from '../../../../local/identifiers.ts'
import { createKeyRing } from '../../../../local/identities/index.ts'
import type { JournalEntry } from '../../../../local/journal.ts'
import { createSts, createTokenIssuers } from '../../../../local/services/sts/index.ts'
import { createSnowflakeServer, type IssuerKey } from '../../../../local/snowflake/server/index.ts'
import { type ApiRequest, type ApiResponse, startEngineWithApi } from '../engine-with-api.ts'

export const accountName = 'MYORG-MYACCOUNT'
export const region = 'eu-central-1'
export const accountId = '111111111111'

/** The body of a PEM, as ALTER USER takes it. */
export const publicBody = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64')

export const newKeyPair = (modulusLength = 2_048) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
  const privatePem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return { publicKey, privateKey, privatePem, publicBody: publicBody(publicKey) }
}

interface SnowflakeTestServerOptions {
  readonly answer?: (received: ApiRequest, before: number) => ApiResponse | Promise<ApiResponse>
  readonly sql?: string
  readonly lifetimes?: { readonly sessionSeconds: number; readonly masterSeconds: number }
  readonly longPollSeconds?: number
  /** Of issuers beside those of the STS. */
  readonly issuerKeys?: ReadonlyMap<string, readonly IssuerKey[]>
  readonly isFederationEnabled?: boolean
  /** Roles that STS lets be assumed. */
  readonly roles?: readonly RoleResource[]
}

export interface DriverResponseBody {
  readonly success: boolean
  readonly code: string | null
  readonly message: string | null
  readonly data: Readonly<Record<string, unknown>> | null
}

interface RoleOptions {
  readonly path?: string
  readonly allowedActions?: readonly string[]
  /** Who may assume it. */
  readonly trustedArns?: readonly string[]
}

interface SessionOptions extends RoleOptions {
  readonly sessionName?: string
  readonly durationSeconds?: number
}

const allowPolicy = (name: string, statements: readonly object[]) => ({
  name,
  document: { Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) },
})

/** A role of the service's account. */
export const roleResource = (
  name: string,
  { path = '/', allowedActions = [], trustedArns = [] }: RoleOptions = {},
): RoleResource => ({
  name,
  path,
  arn: `arn:aws:iam::${accountId}:role${path}${name}`,
  tags: {},
  trustPolicy: allowPolicy(
    'trust',
    trustedArns.map((arn) => ({ Principal: { AWS: arn }, Action: 'sts:AssumeRole' })),
  ),
  identityPolicies: allowedActions.map((action) => allowPolicy(action, [{ Action: action, Resource: '*' }])),
  maxSessionDuration: 43_200,
})

/**
 * The server on a loopback port, before the account of an engine that can call an API, and STS beside it. Its clock can be
 * moved.
 */
export const startSnowflakeTestServer = async (options: SnowflakeTestServerOptions = {}) => {
  const { answer, sql, lifetimes, longPollSeconds, issuerKeys, isFederationEnabled = true, roles = [] } = options
  const engine = await startEngineWithApi(answer ? { answer } : {})
  try {
    if (sql) await engine.run(sql)
  } catch (error) {
    await engine[Symbol.asyncDispose]()
    throw error
  }
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const identifiers = createIdentifiers('served')
  const keyRing = createKeyRing({ identifiers, now })
  keyRing.replaceRoles(roles)
  const entries: JournalEntry[] = []
  const journal = { record: (entry: JournalEntry) => entries.push(entry), find: () => undefined }
  const issuers = createTokenIssuers()
  const sts = createSts({
    region,
    keyRing,
    issuers,
    identifiers,
    journal,
    now,
    findRole: keyRing.findRole,
    isFederationEnabled: () => isFederationEnabled,
  })
  const serve = createSnowflakeServer({
    accounts: () => [{ names: [accountName, 'ABC12345'], engine: engine.snowflake }],
    findKey: keyRing.findKey,
    findIssuerKeys: (issuer) => issuerKeys?.get(issuer) ?? issuers.findKeys(issuer),
    journal,
    newId: randomUUID,
    newToken: () => randomBytes(32).toString('base64'),
    now,
    sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
    ...(lifetimes && { lifetimes }),
    ...(longPollSeconds !== undefined && { longPollSeconds }),
  })
  const paths: string[] = []
  const server = createWireServer({
    answer: (request) => {
      const [path = ''] = request.target.split('?')
      paths.push(`${request.method} ${path}`)
      return path === '/' ? sts(request) : serve(request)
    },
    now,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  const url = `http://127.0.0.1:${port}`

  const send = async (path: string, body: unknown, { token = '', gzip = false, method = 'POST' } = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        authorization: `Snowflake Token="${token}"`,
        ...(gzip && { 'content-encoding': 'gzip' }),
      },
      ...(method === 'POST' && { body: gzip ? gzipSync(text) : text }),
    })
    const contentType = response.headers.get('content-type')
    return { status: response.status, contentType, body: (await response.json()) as DriverResponseBody } // the shape is what is tested
  }

  return {
    engine,
    port,
    url,
    entries,
    paths,
    send,
    now,
    /** A session of a role of the service's account. */
    roleSession: (name: string, { sessionName = 'a-function', durationSeconds = 3_600, ...how }: SessionOptions = {}) =>
      keyRing.startSession(roleResource(name, how), { sessionName, durationSeconds }),
    moveClock: (seconds: number) => {
      ahead += seconds * 1_000
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await engine[Symbol.asyncDispose]()
    },
  }
}

export type SnowflakeTestServer = Awaited<ReturnType<typeof startSnowflakeTestServer>>

export const serviceUser = (name: string, roleName: string) =>
  `CREATE USER ${name} TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::${accountId}:role/${roleName}');`
