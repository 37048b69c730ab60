import * as z from 'zod'

/**
 * The properties that the local stack reads, by resource type. Objects are strict: an unsupported property stops
 * the start with its name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */

/** Known, and without effect on a request. */
const ignored = z.unknown().optional()

const byName = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string(), value)
    .default({})
    .transform((object) => new Map(Object.entries(object)))

export const template = z.strictObject({
  AWSTemplateFormatVersion: ignored,
  Description: ignored,
  Metadata: z.record(z.string(), z.unknown()).default({}),
  Outputs: byName(z.looseObject({ Condition: z.string().optional() })),
  Conditions: byName(z.unknown()),
  Parameters: byName(z.looseObject({ Default: ignored })),
  Resources: byName(
    z.looseObject({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
})

export const output = z.strictObject({
  Value: z.string(),
  Description: z.string().optional(),
  Export: z.strictObject({ Name: z.string() }).optional(),
  Condition: ignored,
})

export const restApi = z.strictObject({
  Name: z.string(),
  Description: ignored,
  EndpointConfiguration: z.looseObject({ Types: z.tuple([z.literal('REGIONAL')]) }),
  Policy: z.union([z.record(z.string(), z.unknown()), z.literal('')]).optional(),
  BinaryMediaTypes: z.array(z.string()).default([]),
  Tags: ignored,
})

export const deployment = z.strictObject({
  RestApiId: ignored,
  StageName: z.string(),
  Description: ignored,
})

export const apiResource = z.strictObject({
  RestApiId: ignored,
  ParentId: z.string(),
  PathPart: z.string(),
})

export const method = z.strictObject({
  RestApiId: ignored,
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.enum(['AWS_IAM', 'NONE']),
  ApiKeyRequired: z.literal(false).optional(),
  MethodResponses: ignored,
  RequestParameters: z.strictObject({}).optional(),
  Integration: z.strictObject({
    Type: z.literal('AWS_PROXY'),
    IntegrationHttpMethod: z.literal('POST'),
    Uri: z.string().regex(/\/functions\/.+\/invocations$/),
    TimeoutInMillis: z.number().int().min(50).max(29_000).default(29_000),
  }),
})

export const lambdaFunction = z.strictObject({
  FunctionName: ignored,
  Description: ignored,
  Code: z.looseObject({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string(),
  Architectures: ignored,
  MemorySize: z.number().int().min(128).max(10_240).default(128),
  Timeout: z.number().int().min(1).max(900).default(3),
  Environment: z
    .strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
    .default({ Variables: {} }),
  Role: z.string(),
  LoggingConfig: ignored,
  Tags: ignored,
})

/** The local Lambda tries no event twice; that one is old it never is. */
export const eventInvokeConfig = z.strictObject({
  FunctionName: ignored,
  Qualifier: z.literal('$LATEST'),
  DestinationConfig: z.strictObject({}).optional(),
  MaximumRetryAttempts: z.literal(0),
  MaximumEventAgeInSeconds: ignored,
})

export const table = z.strictObject({
  TableName: ignored,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
})

export const permission = z.strictObject({
  FunctionName: z.string(),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
})

export const role = z.strictObject({
  RoleName: ignored,
  Description: ignored,
  Path: z.string().default('/'),
  AssumeRolePolicyDocument: ignored,
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: ignored })).default([]),
  MaxSessionDuration: z.number().int().min(3_600).max(43_200).default(3_600),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
})
