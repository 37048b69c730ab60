import type { APIGatewayProxyEvent, Context } from 'aws-lambda'

type Overrides = Partial<Omit<APIGatewayProxyEvent, 'requestContext' | 'headers'>> & {
  readonly headers?: Readonly<Record<string, string>> | null
  readonly requestId?: string
}

/** A proxy event as API Gateway sends it under IAM, in what the functions read of it. */
export const proxyEvent = ({ requestId = '00000000-0000-4000-8000-000000000000', ...overrides }: Overrides = {}) => ({
  resource: '/hello',
  path: '/hello',
  httpMethod: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Amz-Security-Token': 'planted-session-token' },
  queryStringParameters: null,
  pathParameters: null,
  stageVariables: null,
  requestContext: {
    requestId,
    identity: { userArn: 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/test' },
  },
  body: null,
  isBase64Encoded: false,
  ...overrides,
})

/** What the functions and middy read of Lambda's context. */
export const context = ({ awsRequestId = '11111111-1111-4111-8111-111111111111' } = {}): Context =>
  ({ awsRequestId, getRemainingTimeInMillis: () => 3_000 }) as Context
