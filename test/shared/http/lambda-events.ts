import type { APIGatewayProxyEvent, Context } from 'aws-lambda'

type Overrides = Partial<Omit<APIGatewayProxyEvent, 'requestContext' | 'headers'>> & {
  readonly headers?: Readonly<Record<string, string>> | null
  readonly requestId?: string
}

/** The used part of a proxy event that API Gateway sends with IAM authorization. */
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

/** The used part of Lambda's context. */
export const context = ({ awsRequestId = '11111111-1111-4111-8111-111111111111' } = {}): Context =>
  ({ awsRequestId, getRemainingTimeInMillis: () => 3_000 }) as Context
