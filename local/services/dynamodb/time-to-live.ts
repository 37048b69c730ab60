import * as z from 'zod'
import type { TableResource } from '../../deployment/deployed-resources.ts'
import type { DynaliteEngine } from './dynalite-engine.ts'

/** AWS deletes expired items within days; here they go with the first request a minute after the last time. */
const sweepIntervalMs = 60_000

const scanOutput = z.object({
  Items: z.array(z.record(z.string(), z.record(z.string(), z.unknown()))),
  LastEvaluatedKey: z.unknown().optional(),
})

/** Time to live: deletes what has expired, when called, but not more often than it should. */
export const createTimeToLive = (engine: DynaliteEngine, tables: () => readonly TableResource[], now: () => Date) => {
  let lastSweep = now().getTime()

  const sweep = async ({ definition, timeToLiveAttribute }: TableResource, seconds: number): Promise<void> => {
    if (timeToLiveAttribute === undefined) return
    const { TableName, KeySchema } = definition
    let from: unknown
    do {
      const expired = {
        TableName,
        ...(from !== undefined && { ExclusiveStartKey: from }),
        FilterExpression: '#expires < :now',
        ExpressionAttributeNames: { '#expires': timeToLiveAttribute },
        ExpressionAttributeValues: { ':now': { N: `${seconds}` } },
      }
      const { body } = await engine('Scan', JSON.stringify(expired))
      const { Items, LastEvaluatedKey } = scanOutput.parse(JSON.parse(body.toString()))
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
    if (time - lastSweep >= sweepIntervalMs) {
      lastSweep = time
      sweeping = sweepAll(time)
    }
    return sweeping
  }
}
