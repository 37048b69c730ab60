import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { allMessages, recognize } from '../../../shared/diagnoses/index.ts'

/** Errors of other systems, some of them similar to those of AWS and Snowflake. */
const unknownErrors: readonly string[] = [
  '',
  ' \n\t ',
  'it does not work',
  'Error: connect ECONNREFUSED 127.0.0.1:5432',
  'getaddrinfo ENOTFOUND api.example.com',
  'psql: error: connection to server failed: FATAL:  password authentication failed for user "me"',
  'ERROR 1045 (28000): Access denied for user',
  'ORA-01017: invalid username/password; logon denied',
  'UnhandledPromiseRejectionWarning: JsonWebTokenError: invalid signature',
  '{"statusCode":403,"message":"Forbidden"}',
  '{"statusCode":500,"message":"Internal server error"}',
  '{"error":{"message":"Invalid OAuth access token.","type":"OAuthException","code":190}}',
  'Your session has expired. Please login again.',
  'JWT token is invalid.',
  'Rate exceeded.',
  'Already connected.',
  'An account must be specified.',
  'timeout of 1500ms exceeded',
  'socket hang up',
  'self-signed certificate',
  'ReferenceError: __dirname is not defined in ES module scope',
  'User: arn:aws:iam::222222222222:user/jane is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::bucket/key because no identity-based policy allows the s3:GetObject action',
  'An error occurred (NoSuchBucket) when calling the GetObject operation: The specified bucket does not exist',
  'An error occurred (ResourceNotFoundException) when calling the GetItem operation: Requested resource not found',
  'request id 390144 took 250001 ms',
  'build 001003 of 2026-11-23',
  'https://example.com/390422/404/403',
  'order 390189 is not authorized',
  'The cache entry expired: 404',
  'Request URI',
  'function HELLO',
  'UNEXPECTED',
  'It is UNEXPECTED that INPUT',
]

for (const text of unknownErrors) {
  test(`${JSON.stringify(text).slice(0, 100)} is unknown`, () => {
    assert.deepEqual(recognize({ text }, allMessages), [])
  })
}

test('a code with an unknown text is not recognized', () => {
  assert.deepEqual(recognize({ text: 'it does not work', codes: ['ECONNREFUSED', '403', '12345'] }, allMessages), [])
})

test('bytes are unknown, in any number', () => {
  assert.deepEqual(recognize({ text: randomBytes(1_000_000).toString('latin1') }, allMessages), [])
  assert.deepEqual(recognize({ text: '\0'.repeat(1_000_000) }, allMessages), [])
})
