import type { AwsAnswer, AwsCall } from '../signing/index.ts'
import { expectedAnswer } from './aws-call.ts'
import type { Pause } from './lease.ts'
import type { Condition, Item, Items } from './state-table.ts'

interface Needs {
  readonly send: (call: AwsCall, signal: AbortSignal) => Promise<AwsAnswer>
  readonly tableName: string
  readonly pause: Pause
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html and API_GetItem.html */
export const dynamodbItems = ({ send, tableName, pause }: Needs): Items => {
  const call = async (operation: 'GetItem' | 'PutItem', input: object, expected: readonly string[] = []) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    }
    const body = JSON.stringify({ TableName: tableName, ...input })
    return expectedAnswer(send, { path: '/', headers, body }, pause, expected)
  }
  return {
    get: async (batch, part) => {
      const { body } = await call('GetItem', { Key: keyOf(batch, part), ConsistentRead: true })
      return parseItem(JSON.parse(body))
    },
    put: async (batch, part, { version, expires, body }, condition) => {
      const Item = {
        ...keyOf(batch, part),
        version: { S: version },
        expires: { N: String(expires) },
        body: { B: body.toString('base64') },
      }
      const refused = 'ConditionalCheckFailedException'
      const { errorType } = await call('PutItem', { Item, ...(condition && expressionOf(condition)) }, [refused])
      return errorType !== refused
    },
  }
}

const keyOf = (batch: string, part: string) => ({ batch: { S: batch }, part: { S: part } })

const expressionOf = (condition: Condition) =>
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

const parseItem = (answer: { readonly Item?: Attributes }): Item | undefined => {
  if (!answer.Item) return undefined
  const { version, expires, body } = answer.Item
  return {
    version: String(version?.['S']),
    expires: Number(expires?.['N']),
    body: Buffer.from(String(body?.['B']), 'base64'),
  }
}
