import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createAwsApiClient } from '../aws/aws-api-client.ts'
import { createBatches } from './batch-lifecycle.ts'
import { type BatchSettings, readBatchSettings } from './batch-settings.ts'
import { createStateTable } from './batch-state-table.ts'
import { type Batches, toWorkEvent, workKeyIn } from './batches.ts'
import { createItemStore } from './dynamodb-item-store.ts'
import { sendWithRetry } from './send-with-retry.ts'
import type { Sleep } from './worker-lock.ts'

/**
 * The third argument of `createLambdaHandler` for an asynchronous function; its row of the route table
 * needs `asynchronous: true`. The state is in the function's own DynamoDB table, and another invocation processes the batch.
 */
export const createAsynchronousBatches = (settings: () => BatchSettings = readBatchSettings): Batches => {
  // Created by the first batch: a missing variable becomes an error response instead of a failed cold start.
  let created: Batches | undefined
  const batches = () => {
    created ??= createFromSettings(settings())
    return created
  }
  return {
    workKeyIn,
    submit: async (batch, rows) => batches().submit(batch, rows),
    poll: async (batch) => batches().poll(batch),
    work: async (key, processRows) => batches().work(key, processRows),
  }
}

const createFromSettings = ({ region, credentials, endpoints, tableName, functionName }: BatchSettings): Batches => {
  const dynamodb = createAwsApiClient({ service: 'dynamodb', region, credentials, endpoint: endpoints.dynamodb })
  const lambda = createAwsApiClient({ service: 'lambda', region, credentials, endpoint: endpoints.lambda })
  const now = () => Date.now()
  const items = createItemStore({ send: dynamodb, tableName, sleep })
  const invokeWorker = async (key: string): Promise<void> => {
    await sendWithRetry(
      lambda,
      {
        path: `/2015-03-31/functions/${functionName}/invocations`,
        headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
        body: JSON.stringify(toWorkEvent(key)),
      },
      sleep,
    )
  }
  return createBatches({ table: createStateTable({ items, now, newId: randomUUID }), invokeWorker, now, sleep })
}

const sleep: Sleep = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, signal && { signal }).catch((error) => {
    if (!signal?.aborted) throw error
  })
