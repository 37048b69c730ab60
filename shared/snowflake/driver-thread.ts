import diagnostics from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { parentPort } from 'node:worker_threads'
import type { Connection, ConnectionOptions } from 'snowflake-sdk'
import snowflake from 'snowflake-sdk'
import type { ThreadMessage, ThreadQuery } from './driver-thread-messages.ts'
import type { ConnectionSettings } from './snowflake-client.ts'

/** Runs the official driver in a worker thread. driver.ts starts it and says why. */
const post = (message: ThreadMessage) => parentPort?.postMessage(message)

const ignore = () => undefined
snowflake.configure({
  customLogger: { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore },
  // A frozen Lambda environment runs no timers, so a kept-alive connection may be dead afterwards.
  keepAlive: false,
})

const connectionOptions = ({ url, account, role, warehouse, credential }: ConnectionSettings): ConnectionOptions => ({
  accessUrl: url,
  account,
  ...(role !== undefined && { role }),
  ...(warehouse !== undefined && { warehouse }),
  ...(credential.kind === 'key-pair'
    ? {
        authenticator: 'SNOWFLAKE_JWT',
        username: credential.user,
        privateKey: credential.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
    : {
        authenticator: 'WORKLOAD_IDENTITY',
        workloadIdentityProvider: 'AWS',
        ...(credential.webIdentityToken && { workloadIdentityAwsUseOutboundToken: true }),
        ...(credential.impersonate && { workloadIdentityImpersonationPath: [...credential.impersonate] }),
      }),
})

const runQuery = async ({ connection: settings, statement, timeoutMs }: ThreadQuery): Promise<void> => {
  post({ kind: 'phase', phase: 'login' })
  // No retries: they would hide the first response until the timeout.
  const connection = snowflake.createConnection({
    ...connectionOptions(settings),
    sfRetryMaxLoginRetries: 0,
    timeout: timeoutMs,
  })
  await connect(connection)
  post({ kind: 'phase', phase: 'query' })
  const row = await firstRow(connection, statement)
  post({ kind: 'row', row })
  post({ kind: 'phase', phase: 'logout' })
  await disconnect(connection)
}

/** With the callback API: `connectAsync` resolves after a rejected login. */
const connect = (connection: Connection) =>
  new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()))
  })

const firstRow = (connection: Connection, sqlText: string) =>
  new Promise<Record<string, unknown>>((resolve, reject) => {
    connection.execute({ sqlText, complete: (error, _, rows) => (error ? reject(error) : resolve(rows?.[0] ?? {})) })
  })

/** Ignores errors: the session may have ended already. */
const disconnect = (connection: Connection) => new Promise<void>((resolve) => connection.destroy(() => resolve()))

const toErrorFields = (thrown: unknown): Extract<ThreadMessage, { kind: 'failed' }>['error'] => {
  const { name, message, code, sqlState, cause } = recordOf(thrown)
  const causeCode = recordOf(cause)['code']
  return {
    name: String(name ?? 'Error'),
    message: String(message ?? ''),
    ...(code !== undefined && { code: String(code) }),
    ...(typeof sqlState === 'string' && { sqlState }),
    ...(typeof causeCode === 'string' && { causeCode }),
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** A request to Snowflake. The driver also calls STS and metadata services. */
const isSnowflakeRequest = ({ path }: ClientRequest) => /^\/(session|queries)\b/.test(path)

// Responses that the driver would retry without reporting them.
diagnostics.subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage } // as node:http has it
  if (!isSnowflakeRequest(request)) return
  const { statusCode: status, headers } = response
  const contentType = headers['content-type']
  post({ kind: 'response', response: { ...(status !== undefined && { status }), ...(contentType && { contentType }) } })
})
diagnostics.subscribe('http.client.request.error', (message) => {
  const { request, error } = message as { request: ClientRequest; error: NodeJS.ErrnoException }
  if (isSnowflakeRequest(request)) post({ kind: 'response', response: { fault: error.code ?? error.name } })
})

parentPort?.on('message', (query: ThreadQuery) => {
  runQuery(query)
    .catch((thrown: unknown) => post({ kind: 'failed', error: toErrorFields(thrown) }))
    .finally(() => post({ kind: 'done' }))
})
post({ kind: 'loaded' })
