import { request as httpRequest } from 'node:http'
import { duplexPair } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { TableResource } from '../../deployment/deployed-resources.ts'
import type { WireResponse } from '../../http.ts'

/** Runs one operation without authorization: its JSON input in, its response out. */
export type DynaliteEngine = (operation: string, input: Uint8Array | string) => Promise<WireResponse>

/**
 * dynalite, in memory and empty. It is called over a pair of streams: on a port, even of loopback, any program could call
 * it without authorization.
 */
export const startDynalite = async (): Promise<DynaliteEngine> => {
  // Loaded for a template with a table alone.
  const { default: dynalite } = await import('dynalite')
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  return (operation, input) =>
    new Promise((resolve, reject) => {
      const [near, far] = duplexPair()
      server.emit('connection', far)
      const outgoing = httpRequest({
        createConnection: () => near,
        method: 'POST',
        headers: unverifiedHeaders(operation),
      })
      outgoing.on('error', reject)
      outgoing.on('response', async (incoming) => {
        try {
          const chunks: Buffer[] = []
          for await (const chunk of incoming) chunks.push(chunk)
          const { 'content-type': type = '', 'x-amz-crc32': crc32 = '' } = incoming.headers
          const headers = { 'Content-Type': type, 'x-amz-crc32': `${crc32}` }
          resolve({ status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks) })
        } catch (error) {
          reject(error)
        }
      })
      outgoing.end(input)
    })
}

/** Done in the background, as at AWS: until it is active, a table is not there for items. */
export const createTable = async (engine: DynaliteEngine, definition: TableResource['definition']): Promise<void> => {
  const { status, body } = await engine('CreateTable', JSON.stringify(definition))
  if (status !== 200) throw new Error(`the local stack cannot create a table: ${body}`)
  await waitForTableStatus(engine, definition.TableName, (status) => status === 'ACTIVE')
}

export const deleteTable = async (engine: DynaliteEngine, TableName: string): Promise<void> => {
  await engine('DeleteTable', JSON.stringify({ TableName }))
  await waitForTableStatus(engine, TableName, (status) => status === undefined)
}

const waitForTableStatus = async (
  engine: DynaliteEngine,
  TableName: string,
  isDone: (status: string | undefined) => boolean,
) => {
  for (;;) {
    const { body } = await engine('DescribeTable', JSON.stringify({ TableName }))
    if (isDone(tableDescription.safeParse(JSON.parse(body.toString())).data?.Table.TableStatus)) return
    await setTimeout(1)
  }
}

const tableDescription = z.object({ Table: z.object({ TableStatus: z.string() }) })

/** dynalite requires a signature and does not verify it. The endpoint has verified the real one. */
const unverifiedHeaders = (operation: string) => ({
  host: 'dynamodb',
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
})
