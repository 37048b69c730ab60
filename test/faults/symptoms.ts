import type { FaultName } from '../../local/faults/index.ts'
import {
  callerIdentity,
  calling,
  greeting,
  invokingFunction,
  invokingTarget,
  type Observe,
  probing,
  running,
} from './observe-symptom.ts'

/** What a user observes with the fault, and would not observe without it. */
export interface Symptom {
  readonly observe: Observe
  /** One of several where it is a race which of two gives up first. */
  readonly status: number | readonly number[]
  /** The type of an error of AWS, or the code of one of Snowflake. */
  readonly errorType?: string
  readonly message: RegExp
}

const hello = calling('/hello', { name: 'Alice' })
const reporting = calling('/hello', { name: 'Alice' }, 'reporting')
const notDeployedRoute = calling('/snowflake-probe', undefined, 'analytics', 'GET')

const denied = { status: 403, errorType: 'AccessDenied' }
const deniedByApi = { status: 403, errorType: 'AccessDeniedException' }
const badGateway = { status: 502, errorType: 'InternalServerErrorException', message: /Internal server error/ }
const loginRejected = { observe: probing, status: 422 }
const rejectedBySnowflake = { observe: greeting, status: 422 }
const assume = /not authorized to perform: sts:AssumeRole on resource/
/** Snowflake keeps to itself what STS said. */
const assumingRole = /^SQL execution error: Error assuming AWS_ROLE/

export const symptoms: Readonly<Record<FaultName, Symptom>> = {
  'stack-not-running': { observe: hello, status: 0, message: /^Cannot connect to the local stack at/ },
  // What was deployed before goes on as it did.
  'map-invalid': { observe: hello, status: 200, message: /Hello, Alice/ },
  'credentials-quoted': { observe: callerIdentity, status: 403, errorType: 'InvalidClientTokenId', message: /invalid/ },
  'credentials-unknown': {
    observe: callerIdentity,
    status: 403,
    errorType: 'InvalidClientTokenId',
    message: /invalid/,
  },
  'session-expired': { observe: callerIdentity, status: 403, errorType: 'ExpiredToken', message: /is expired$/ },
  'session-token-missing': {
    observe: callerIdentity,
    status: 403,
    errorType: 'InvalidClientTokenId',
    message: /invalid/,
  },
  'session-token-foreign': {
    observe: callerIdentity,
    status: 403,
    errorType: 'InvalidClientTokenId',
    message: /invalid/,
  },
  'secret-wrong': {
    observe: callerIdentity,
    status: 403,
    errorType: 'SignatureDoesNotMatch',
    message: /does not match/,
  },
  'clock-skewed': { observe: hello, status: 403, errorType: 'SignatureDoesNotMatch', message: /^Signature expired: / },
  'caller-pending': { ...rejectedBySnowflake, message: assumingRole },
  'caller-role-missing': { observe: hello, ...denied, message: assume },
  'caller-role-principal-wrong': {
    observe: hello,
    ...denied,
    message: /no role trust policy allows the sts:AssumeRole/,
  },
  'external-id-wrong': { ...rejectedBySnowflake, message: assumingRole },
  'external-id-missing': { observe: hello, ...denied, message: /no role trust policy allows the sts:AssumeRole/ },
  'integration-recreated': { ...rejectedBySnowflake, message: assumingRole },
  'route-not-granted': {
    observe: hello,
    ...deniedByApi,
    message: /no identity-based policy allows the execute-api:Invoke/,
  },
  'invoke-not-granted': {
    observe: invokingFunction,
    ...deniedByApi,
    message: /no identity-based policy allows the lambda:InvokeFunction/,
  },
  'map-not-deployed': {
    observe: notDeployedRoute,
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    message: /"Missing Authentication Token"/,
  },
  'endpoint-edge': { ...rejectedBySnowflake, errorType: '100350', message: /Remote service cannot be reached/ },
  'policy-not-deployed': { observe: hello, ...deniedByApi, message: /explicit deny in a resource-based policy/ },
  'policy-missing': { observe: reporting, ...deniedByApi, message: /no resource-based policy allows/ },
  'route-missing': {
    observe: hello,
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    message: /"Missing Authentication Token"/,
  },
  'method-without-iam': { observe: hello, ...deniedByApi, message: /User: anonymous is not authorized/ },
  'api-key-required': {
    observe: hello,
    status: 403,
    errorType: 'ForbiddenException',
    message: /^{"message":"Forbidden"}$/,
  },
  'function-permission-missing': { observe: hello, ...badGateway, status: 500 },
  'function-does-not-load': { observe: hello, ...badGateway },
  'function-crashes': { observe: hello, ...badGateway },
  'answer-malformed': { observe: hello, ...badGateway },
  'rows-malformed': { ...rejectedBySnowflake, message: /must contain "data" JSON array/ },
  'function-timeout-too-short': {
    observe: probing,
    // Lambda ends the function, or the function has just the time to say that it will be.
    status: [502, 503],
    message: /Internal server error|SNOWFLAKE_UNREACHABLE.*No response to the (?:load|login)/,
  },
  'function-throttled': {
    observe: invokingFunction,
    status: 429,
    errorType: 'TooManyRequestsException',
    message: /Rate Exceeded/,
  },
  'integration-timeout': {
    observe: probing,
    status: 504,
    errorType: 'InternalServerErrorException',
    message: /Endpoint request timed out/,
  },
  'api-throttled': { observe: hello, status: 429, errorType: 'TooManyRequestsException', message: /Too Many Requests/ },
  'setup-not-run': { ...rejectedBySnowflake, errorType: '002140', message: /Unknown function SNOWGATE.DEV.HELLO/ },
  'sql-function-url-wrong': { ...rejectedBySnowflake, errorType: '100351', message: /Missing Authentication Token/ },
  'integration-missing': { ...rejectedBySnowflake, errorType: '002003', message: /does not exist or not authorized/ },
  'integration-disabled': { ...rejectedBySnowflake, message: /is not enabled/ },
  'integration-role-wrong': { ...rejectedBySnowflake, message: assumingRole },
  'integration-prefix-wrong': { ...rejectedBySnowflake, message: /begins with none of API_ALLOWED_PREFIXES/ },
  'api-host-wrong': { ...rejectedBySnowflake, errorType: '100350', message: /Remote service cannot be reached/ },
  // The Python runtime of a UDF is not in the stack: what would refuse it is looked at.
  'network-rule-host-wrong': {
    observe: running('DESC NETWORK RULE snowgate.dev.api_host'),
    status: 200,
    message: /a1b2c3d4e5/,
  },
  'secret-not-allowed': {
    observe: running('DESC INTEGRATION snowgate_dev_snowflake_access'),
    status: 200,
    message: /^(?!.*DOOR_SESSION)/,
  },
  'role-path-in-arn': { ...loginRejected, message: /Unable to find an associated Snowflake user/ },
  'user-missing': { ...loginRejected, message: /Unable to find an associated Snowflake user/ },
  'user-identity-wrong': { ...loginRejected, message: /Unable to find an associated Snowflake user/ },
  // The login succeeds, as another user.
  'identity-taken': { observe: probing, status: 200, message: /"user":"SNOWGATE_BEFORE"/ },
  'user-disabled': { ...loginRejected, message: /390101: User access disabled/ },
  'user-role-not-granted': { ...loginRejected, message: /390189: Role 'SNOWGATE_PROBE_READER'/ },
  'network-policy': { ...loginRejected, message: /390422: Incoming request with IP/ },
  'authentication-policy': { ...loginRejected, message: /390202: Authentication attempt rejected/ },
  'account-identifier-wrong': { ...loginRejected, message: /No Snowflake account has this identifier/ },
  'snowflake-unreachable': {
    observe: probing,
    status: 503,
    message: /SNOWFLAKE_UNREACHABLE.*No response to the login/,
  },
  'snowflake-down': {
    observe: probing,
    status: 503,
    message: /SNOWFLAKE_UNREACHABLE.*is reachable but returns server errors/,
  },
  'proxy-answers': { observe: probing, status: 422, message: /SNOWFLAKE_UNUSABLE.*does not come from Snowflake/ },
  'web-identity-disabled': { observe: probing, status: 422, message: /OutboundWebIdentityFederation is disabled/ },
  'web-identity-denied': { observe: probing, status: 422, message: /sts:GetWebIdentityToken/ },
  'web-identity-issuer-missing': {
    ...loginRejected,
    message: /sends a web identity token, and the Snowflake user has no issuer/,
  },
  'parameter-missing': { observe: probing, status: 422, message: /SECRET_NOT_FOUND/ },
  'parameter-denied': { observe: probing, status: 422, message: /SECRET_DENIED/ },
  'parameter-key-denied': { observe: probing, status: 422, message: /SECRET_NOT_DECRYPTABLE/ },
  'parameter-key-disabled': { observe: probing, status: 422, message: /SECRET_NOT_DECRYPTABLE/ },
  'private-key-damaged': { observe: probing, status: 422, message: /missing or changed/ },
  'private-key-newlines-lost': { observe: probing, status: 422, message: /line breaks are missing/ },
  'passphrase-wrong': { observe: probing, status: 422, message: /passphrase/ },
  'public-key-missing': { ...loginRejected, message: /JWT token is invalid/ },
  'key-rotated': { ...loginRejected, message: /JWT token is invalid/ },
  'user-name-not-login-name': { ...loginRejected, message: /JWT token is invalid/ },
  'target-role-denied': { observe: invokingTarget, status: 422, message: /ROLE_DENIED/ },
  'source-identity-denied': { observe: invokingTarget, status: 422, message: /ROLE_DENIED/ },
  'target-call-denied': { observe: invokingTarget, status: 200, message: /"status":403/ },
  'aws-throttled': { observe: hello, status: 400, errorType: 'Throttling', message: /^Rate exceeded$/ },
  'aws-unreachable': { observe: invokingTarget, status: 503, message: /AWS_UNREACHABLE/ },
}
