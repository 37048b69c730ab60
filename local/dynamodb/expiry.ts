import * as z from 'zod'
import type { TableResource } from '../template/index.ts'
import type { Engine } from './engine.ts'

/** AWS deletes expired items within days; here they go with the first request a minute after the last time. */
const sweepEvery = 60_000

const scanned = z.object({
  Items: z.array(z.record(z.string(), z.record(z.string(), z.unknown()))),
  LastEvaluatedKey: z.unknown().optional(),
})

/** Time to live: deletes what has expired, when called, but not more often than it should. */
export const createExpiry = (engine: Engine, tables: () => readonly TableResource[], now: () => Date) => {
  let swept = now().getTime()

  const sweep = async ({ definition, expiryAttribute }: TableResource, seconds: number): Promise<void> => {
    if (expiryAttribute === undefined) return
    const { TableName, KeySchema } = definition
    let from: unknown
    do {
      const expired = {
        TableName,
        ...(from !== undefined && { ExclusiveStartKey: from }),
        FilterExpression: '#expires < :now',
        ExpressionAttributeNames: { '#expires': expiryAttribute },
        ExpressionAttributeValues: { ':now': { N: `${seconds}` } },
      }
      const { body } = await engine('Scan', JSON.stringify(expired))
      const { Items, LastEvaluatedKey } = scanned.parse(JSON.parse(body.toString()))
      for (const item of Items) {
        const Key = Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]))
        await engine('DeleteItem', JSON.stringify({ TableName, Key }))
      }
      from = LastEvaluatedKey
    } while (from !== undefined)
  }

  const sweepAll = async (time: number): Promise<void> => {
    for (const table of tables()) await sweep(table, Math.floor(time / 1_000))
  }

  let sweeping = Promise.resolve()
  return (): Promise<void> => {
    const time = now().getTime()
    if (time - swept >= sweepEvery) {
      swept = time
      sweeping = sweepAll(time)
    }
    return sweeping
  }
}
