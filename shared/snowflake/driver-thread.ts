import diagnostics from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { parentPort } from 'node:worker_threads'
import snowflake, { type Connection, type ConnectionOptions } from 'snowflake-sdk'
import type { ConnectionSettings } from './client.ts'
import type { Order, Report } from './driver-messages.ts'

/** Runs the official driver in a worker thread. driver.ts starts it and says why. */
const tell = (report: Report) => parentPort?.postMessage(report)

const silent = () => undefined
snowflake.configure({
  customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
  // A frozen Lambda environment runs no timers, so a kept-alive connection may be dead afterwards.
  keepAlive: false,
})

const optionsOf = ({ url, account, role, warehouse, proof }: ConnectionSettings): ConnectionOptions => ({
  accessUrl: url,
  account,
  ...(role !== undefined && { role }),
  ...(warehouse !== undefined && { warehouse }),
  ...(proof.kind === 'key-pair'
    ? {
        authenticator: 'SNOWFLAKE_JWT',
        username: proof.user,
        privateKey: proof.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
    : {
        authenticator: 'WORKLOAD_IDENTITY',
        workloadIdentityProvider: 'AWS',
        ...(proof.webIdentityToken && { workloadIdentityAwsUseOutboundToken: true }),
        ...(proof.impersonate && { workloadIdentityImpersonationPath: [...proof.impersonate] }),
      }),
})

const carryOut = async ({ connection: settings, statement, timeout }: Order): Promise<void> => {
  tell({ kind: 'phase', phase: 'login' })
  // No retries: they would hide the first response until the timeout.
  const connection = snowflake.createConnection({ ...optionsOf(settings), sfRetryMaxLoginRetries: 0, timeout })
  await connected(connection)
  tell({ kind: 'phase', phase: 'query' })
  const row = await rowOf(connection, statement)
  tell({ kind: 'answered', row })
  tell({ kind: 'phase', phase: 'logout' })
  await ended(connection)
}

/** With the callback API: `connectAsync` resolves after a rejected login. */
const connected = (connection: Connection) =>
  new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()))
  })

const rowOf = (connection: Connection, sqlText: string) =>
  new Promise<Record<string, unknown>>((resolve, reject) => {
    connection.execute({ sqlText, complete: (error, _, rows) => (error ? reject(error) : resolve(rows?.[0] ?? {})) })
  })

/** Ignores errors: the session may have ended already. */
const ended = (connection: Connection) => new Promise<void>((resolve) => connection.destroy(() => resolve()))

const errorOf = (thrown: unknown): Extract<Report, { kind: 'failed' }>['error'] => {
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
const isSnowflakes = ({ path }: ClientRequest) => /^\/(session|queries)\b/.test(path)

// Responses that the driver would retry without reporting them.
diagnostics.subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage } // as node:http has it
  if (!isSnowflakes(request)) return
  const { statusCode: status, headers } = response
  const contentType = headers['content-type']
  tell({ kind: 'seen', seen: { ...(status !== undefined && { status }), ...(contentType && { contentType }) } })
})
diagnostics.subscribe('http.client.request.error', (message) => {
  const { request, error } = message as { request: ClientRequest; error: NodeJS.ErrnoException }
  if (isSnowflakes(request)) tell({ kind: 'seen', seen: { fault: error.code ?? error.name } })
})

parentPort?.on('message', (order: Order) => {
  carryOut(order)
    .catch((thrown: unknown) => tell({ kind: 'failed', error: errorOf(thrown) }))
    .finally(() => tell({ kind: 'done' }))
})
tell({ kind: 'loaded' })
