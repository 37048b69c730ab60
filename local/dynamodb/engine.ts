import { request as httpRequest } from 'node:http'
import { duplexPair } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { WireAnswer } from '../http/index.ts'
import type { TableResource } from '../template/index.ts'

/** What happens behind DynamoDB's door: one operation, its JSON in and its answer out. */
export type Engine = (operation: string, input: Uint8Array | string) => Promise<WireAnswer>

/**
 * dynalite, in memory and empty. It is spoken to over a pair of streams: on a port, even of loopback, it would answer
 * whoever asks, past every policy.
 */
export const startEngine = async (): Promise<Engine> => {
  // Loaded for a template with a table alone.
  const { default: dynalite } = await import('dynalite')
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  return (operation, input) =>
    new Promise((resolve, reject) => {
      const [near, far] = duplexPair()
      server.emit('connection', far)
      const outgoing = httpRequest({ createConnection: () => near, method: 'POST', headers: headersOf(operation) })
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
export const createTable = async (engine: Engine, definition: TableResource['definition']): Promise<void> => {
  const { status, body } = await engine('CreateTable', JSON.stringify(definition))
  if (status !== 200) throw new Error(`the local stack cannot create a table: ${body}`)
  await until(engine, definition.TableName, (status) => status === 'ACTIVE')
}

export const deleteTable = async (engine: Engine, TableName: string): Promise<void> => {
  await engine('DeleteTable', JSON.stringify({ TableName }))
  await until(engine, TableName, (status) => status === undefined)
}

const until = async (engine: Engine, TableName: string, isDone: (status: string | undefined) => boolean) => {
  for (;;) {
    const { body } = await engine('DescribeTable', JSON.stringify({ TableName }))
    if (isDone(described.safeParse(JSON.parse(body.toString())).data?.Table.TableStatus)) return
    await setTimeout(1)
  }
}

const described = z.object({ Table: z.object({ TableStatus: z.string() }) })

/** It wants to see a signature and verifies none; the door has. */
const headersOf = (operation: string) => ({
  host: 'dynamodb',
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
})
