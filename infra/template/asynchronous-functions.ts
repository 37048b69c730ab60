import {
  AccessMapError,
  batchesTableName,
  lambdaFunctionName,
  routesOf,
  routeText,
  type Stage,
} from '../../shared/access/index.ts'
import { attribute, policyDocument, sub, type TemplateAdditions } from './cloudformation.ts'
import { batchesTableId } from './logical-ids.ts'

/** Settings in serverless.yml of an asynchronous function. */
export const asynchronousSettings = (stageName: string, functionName: string) => ({
  // Snowflake waits ten minutes for a batch; one minute is for starting the worker and the last poll.
  timeout: 540,
  environment: { BATCHES_TABLE: batchesTableName(stageName, functionName) },
  // The next poll replaces a failed or late worker, so Lambda does not retry. Sixty
  // seconds is the minimum.
  maximumRetryAttempts: 0,
  maximumEventAge: 60,
})

/**
 * One table for each asynchronous function of the stage, so that none can read another's batches. The state is
 * temporary: the stack deletes it, and it has no backups.
 */
export const batchesTables = (stageName: string, stage: Stage): TemplateAdditions => ({
  Resources: Object.fromEntries(
    asynchronousFunctions(stage).map((name) => [
      batchesTableId(name),
      {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: batchesTableName(stageName, name),
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'batch', AttributeType: 'S' },
            { AttributeName: 'part', AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: 'batch', KeyType: 'HASH' },
            { AttributeName: 'part', KeyType: 'RANGE' },
          ],
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        },
      },
    ]),
  ),
})

/** Access to its own table and to itself: by name, because the function already refers to its role. */
export const batchesPolicy = (stageName: string, functionName: string) => ({
  PolicyName: 'batches',
  PolicyDocument: policyDocument(
    {
      Sid: 'StoreBatches',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: attribute(batchesTableId(functionName), 'Arn'),
    },
    {
      Sid: 'InvokeSelf',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: sub(
        `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${lambdaFunctionName(stageName, functionName)}`,
      ),
    },
  ),
})

/** Rejects a map in which Snowflake may send batches to an asynchronous function but not poll for them. */
export const checkPolling = (stage: Pick<Stage, 'callers'>): void => {
  for (const [name, { kind, routes }] of stage.callers) {
    if (kind !== 'snowflake') continue
    for (const route of routes) {
      if (!route.asynchronous || route.method !== 'POST') continue
      const pollRoute = { ...route, method: 'GET' } as const
      if (routes.some((one) => routeText(one) === routeText(pollRoute))) continue
      throw new AccessMapError(
        `the caller ${name} has ${routeText(route)}, which is asynchronous, and cannot poll for the result: add ${routeText(pollRoute)}`,
      )
    }
  }
}

const asynchronousFunctions = (stage: Stage): readonly string[] => [
  ...new Set(
    routesOf(stage)
      .filter(({ asynchronous }) => asynchronous)
      .map(({ functionName }) => functionName),
  ),
]
