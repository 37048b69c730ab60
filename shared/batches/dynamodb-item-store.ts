import type { AwsApiRequest, AwsApiResponse } from '../aws/aws-api-client.ts'
import type { Condition, Item, ItemStore } from './batch-state-table.ts'
import { sendWithRetry } from './send-with-retry.ts'
import type { Sleep } from './worker-lock.ts'

interface ItemStoreDependencies {
  readonly send: (call: AwsApiRequest, signal: AbortSignal) => Promise<AwsApiResponse>
  readonly tableName: string
  readonly sleep: Sleep
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html and API_GetItem.html */
export const createItemStore = ({ send, tableName, sleep }: ItemStoreDependencies): ItemStore => {
  const call = async (operation: 'GetItem' | 'PutItem', input: object, expected: readonly string[] = []) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    }
    const body = JSON.stringify({ TableName: tableName, ...input })
    return sendWithRetry(send, { path: '/', headers, body }, sleep, expected)
  }
  return {
    get: async (batch, part) => {
      const { body } = await call('GetItem', { Key: itemKey(batch, part), ConsistentRead: true })
      return parseItem(JSON.parse(body))
    },
    put: async (batch, part, { version, expires, body }, condition) => {
      const Item = {
        ...itemKey(batch, part),
        version: { S: version },
        expires: { N: String(expires) },
        body: { B: body.toString('base64') },
      }
      const conditionFailed = 'ConditionalCheckFailedException'
      const { errorType } = await call('PutItem', { Item, ...(condition && toConditionExpression(condition)) }, [
        conditionFailed,
      ])
      return errorType !== conditionFailed
    },
  }
}

const itemKey = (batch: string, part: string) => ({ batch: { S: batch }, part: { S: part } })

const toConditionExpression = (condition: Condition) =>
  'version' in condition
    ? {
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': { S: condition.version } },
      }
    : {
        ConditionExpression: 'attribute_not_exists(#expires) OR #expires <= :now',
        ExpressionAttributeNames: { '#expires': 'expires' },
        ExpressionAttributeValues: { ':now': { N: String(condition.absentAt) } },
      }

/** Attributes by name, each value under the name of its type. */
type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>

const parseItem = (response: { readonly Item?: Attributes }): Item | undefined => {
  if (!response.Item) return undefined
  const { version, expires, body } = response.Item
  return {
    version: String(version?.['S']),
    expires: Number(expires?.['N']),
    body: Buffer.from(String(body?.['B']), 'base64'),
  }
}
