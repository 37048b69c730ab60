import type { SystemMessages } from '../known-message.ts'

const repost = 'https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden'
const measured = 'https://github.com/dacut/scratchstack-aws-signature'

/** Signature errors of every AWS service, including API Gateway. */
export const signatureMessages: SystemMessages = {
  system: 'AWS, any service',
  messages: [
    {
      phrases: ['The security token included in the request is expired'],
      codes: ['ExpiredToken', 'ExpiredTokenException'],
      summary: 'The session of the temporary keys has expired.',
      causes: ['session-expired'],
      source: repost,
    },
    {
      phrases: ['The security token included in the request is invalid'],
      codes: ['UnrecognizedClientException', 'InvalidClientTokenId'],
      summary: 'AWS does not know the access key, or the session token belongs to another key.',
      causes: ['credentials-unknown', 'session-token-missing', 'session-token-foreign', 'credentials-quoted'],
      source: 'https://github.com/kndt84/aws-api-gateway-client/issues/31',
    },
    {
      phrases: ['The AWS Access Key Id you provided does not exist in our records'],
      codes: ['InvalidAccessKeyId'],
      summary: 'AWS does not know the exact access key.',
      causes: ['credentials-quoted', 'credentials-unknown'],
      source: 'https://github.com/raster-foundry/raster-foundry/issues/289',
    },
    {
      phrases: ['Signature expired: <date> is now earlier than <date>'],
      codes: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
      summary: 'The request is dated too far back.',
      causes: ['clock-skewed'],
      source: 'https://github.com/mhart/aws4/issues/118',
    },
    {
      phrases: ['Signature not yet current: <date> is still later than <date>'],
      codes: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
      summary: 'The request is dated in the future.',
      causes: ['clock-skewed'],
      source: 'https://github.com/mhart/aws4/issues/118',
    },
    {
      phrases: ['Credential should be scoped to a valid region, not'],
      codes: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
      summary: 'The signature is for another region.',
      causes: ['region-wrong'],
      source: 'https://github.com/Kong/insomnia/issues/713',
    },
    {
      phrases: ["Credential should be scoped to correct service: '<service>'"],
      codes: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
      summary: 'The signature is for another service.',
      causes: ['service-wrong'],
      source: 'https://github.com/Kong/insomnia/issues/713',
    },
    {
      phrases: [
        "Credential should be scoped with a valid terminator: 'aws4_request', not",
        'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization",
      ],
      codes: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
      summary: 'The signature does not follow Signature Version 4.',
      causes: ['authorization-malformed'],
      source: measured,
    },
    {
      phrases: ['The request signature we calculated does not match the signature you provided'],
      codes: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
      summary:
        'The access key is known and the signature is wrong: the secret is wrong, or the request changed after signing.',
      causes: ['secret-wrong', 'request-changed', 'credentials-quoted'],
      source: 'https://github.com/mhart/aws4/issues/33',
    },
    {
      phrases: [
        'not a valid key=value pair (missing equal-sign) in Authorization header',
        'Invalid key=value pair (missing equal-sign) in Authorization header',
      ],
      codes: ['IncompleteSignatureException', 'IncompleteSignature'],
      summary: 'The Authorization header is not a signature. An unknown path returns the same error.',
      causes: ['authorization-malformed', 'url-wrong'],
      source: repost,
    },
    {
      phrases: [
        "Authorization header requires 'Credential' parameter",
        "Authorization header requires 'Signature' parameter",
        "Authorization header requires 'SignedHeaders' parameter",
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header",
        "AWS query-string parameters must include 'X-Amz-<word>'",
        "Date must be in ISO-8601 'basic format'",
        'Credential must have exactly 5 slash-delimited elements',
        "Unsupported AWS 'algorithm'",
      ],
      codes: ['IncompleteSignatureException', 'IncompleteSignature'],
      summary: 'The signature is incomplete, or of another version.',
      causes: ['authorization-malformed', 'credentials-quoted'],
      source: measured,
    },
    {
      phrases: ['Incomplete trailing escape % sequence', 'Illegal hex character in escape % pattern'],
      codes: ['MalformedQueryString'],
      summary: 'The query of the URL cannot be decoded.',
      causes: ['url-not-encoded'],
      source: measured,
    },
    {
      phrases: ['Rate exceeded'],
      codes: ['ThrottlingException'],
      requiredCodes: ['ThrottlingException', 'Throttling'],
      summary: 'AWS throttles the requests.',
      causes: ['aws-throttled'],
      source: 'https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html',
    },
    {
      phrases: ['Unable to locate credentials', 'Could not load credentials from any providers'],
      codes: ['NoCredentialsError', 'CredentialsProviderError'],
      summary: 'The SDK found no credentials.',
      causes: ['credentials-missing'],
      source: 'observed with AWS CLI 1.45.11, and with snowflake-sdk 3.3.0',
    },
    {
      phrases: ['Region is missing'],
      summary: 'The SDK does not know which region to call.',
      causes: ['region-variable-missing'],
      source: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html',
    },
  ],
}
