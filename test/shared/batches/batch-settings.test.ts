import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBatchSettings } from '../../../shared/batches/batch-settings.ts'

const lambda = {
  AWS_REGION: 'eu-central-1',
  AWS_LAMBDA_FUNCTION_NAME: 'snowgate-dev-slow-hello',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  BATCHES_TABLE: 'table',
}

test('the error names all missing variables', () => {
  assert.throws(() => readBatchSettings({}), {
    name: 'TypeError',
    message:
      'Missing environment variables: AWS_REGION, AWS_LAMBDA_FUNCTION_NAME, BATCHES_TABLE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
  })
})

for (const { variables, dynamodb, lambdaEndpoint } of [
  {
    variables: {},
    dynamodb: 'https://dynamodb.eu-central-1.amazonaws.com',
    lambdaEndpoint: 'https://lambda.eu-central-1.amazonaws.com',
  },
  {
    variables: { AWS_REGION: 'cn-north-1' },
    dynamodb: 'https://dynamodb.cn-north-1.amazonaws.com.cn',
    lambdaEndpoint: 'https://lambda.cn-north-1.amazonaws.com.cn',
  },
  {
    variables: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    dynamodb: 'http://127.0.0.1:1',
    lambdaEndpoint: 'http://127.0.0.1:1',
  },
  {
    variables: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2' },
    dynamodb: 'http://127.0.0.1:2',
    lambdaEndpoint: 'http://127.0.0.1:1',
  },
]) {
  test(`with ${JSON.stringify(variables)} the endpoint of the table is ${dynamodb}`, () => {
    const { endpoints } = readBatchSettings({ ...lambda, ...variables })
    assert.deepEqual(endpoints, { dynamodb, lambda: lambdaEndpoint })
  })
}
