import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { awsService } from '../signing/index.ts'
import { expectedAnswer } from './aws-call.ts'
import { type Batches, orderIn, workOrder } from './batches.ts'
import { createBatches } from './create-batches.ts'
import { dynamodbItems } from './dynamodb-items.ts'
import type { Pause } from './lease.ts'
import { type BatchSettings, readBatchSettings } from './settings.ts'
import { stateTable } from './state-table.ts'

/**
 * The third argument of `httpFunction` for an asynchronous function; its row of the route table
 * needs `asynchronous: true`. The state is in the function's own DynamoDB table, and another invocation processes the batch.
 */
export const asynchronousBatches = (settings: () => BatchSettings = readBatchSettings): Batches => {
  // Created by the first batch: a missing variable becomes an error response instead of a failed cold start.
  let made: Batches | undefined
  const batches = () => {
    made ??= assemble(settings())
    return made
  }
  return {
    orderIn,
    submit: async (batch, rows) => batches().submit(batch, rows),
    poll: async (batch) => batches().poll(batch),
    work: async (key, tell) => batches().work(key, tell),
  }
}

const assemble = ({ region, credentials, endpoints, tableName, functionName }: BatchSettings): Batches => {
  const dynamodb = awsService({ service: 'dynamodb', region, credentials, endpoint: endpoints.dynamodb })
  const lambda = awsService({ service: 'lambda', region, credentials, endpoint: endpoints.lambda })
  const now = () => Date.now()
  const items = dynamodbItems({ send: dynamodb, tableName, pause })
  const sendOrder = async (key: string): Promise<void> => {
    await expectedAnswer(
      lambda,
      {
        path: `/2015-03-31/functions/${functionName}/invocations`,
        headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
        body: JSON.stringify(workOrder(key)),
      },
      pause,
    )
  }
  return createBatches({ table: stateTable({ items, now, newId: randomUUID }), sendOrder, now, pause })
}

const pause: Pause = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, signal && { signal }).catch((error) => {
    if (!signal?.aborted) throw error
  })
