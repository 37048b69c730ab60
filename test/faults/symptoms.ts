import type { FaultName } from '../../local/faults/index.ts'
import {
  askingWho,
  calling,
  greeting,
  invokingFunction,
  invokingTarget,
  type Observe,
  probing,
  running,
} from './observe.ts'

/** What somebody meets who uses the system in the broken world, and would not in the whole one. */
export interface Symptom {
  readonly observe: Observe
  /** One of several where it is a race which of two gives up first. */
  readonly status: number | readonly number[]
  /** The type of an error of AWS, or the code of one of Snowflake. */
  readonly errorType?: string
  readonly says: RegExp
}

const hello = calling('/hello', { name: 'Alice' })
const reporting = calling('/hello', { name: 'Alice' }, 'reporting')
const pastTheMap = calling('/snowflake-probe', undefined, 'analytics', 'GET')

const denied = { status: 403, errorType: 'AccessDenied' }
const deniedByApi = { status: 403, errorType: 'AccessDeniedException' }
const badGateway = { status: 502, errorType: 'InternalServerErrorException', says: /Internal server error/ }
const loginRefused = { observe: probing, status: 422 }
const refused = { observe: greeting, status: 422 }
const assume = /not authorized to perform: sts:AssumeRole on resource/
/** Snowflake keeps to itself what STS said. */
const assumingRole = /^SQL execution error: Error assuming AWS_ROLE/

export const symptoms: Readonly<Record<FaultName, Symptom>> = {
  'stack-not-running': { observe: hello, status: 0, says: /^Cannot connect to the local stack at/ },
  // What was deployed before goes on as it did.
  'map-invalid': { observe: hello, status: 200, says: /Hello, Alice/ },
  'credentials-quoted': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'credentials-unknown': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'session-expired': { observe: askingWho, status: 403, errorType: 'ExpiredToken', says: /is expired$/ },
  'session-token-missing': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'session-token-foreign': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'secret-wrong': { observe: askingWho, status: 403, errorType: 'SignatureDoesNotMatch', says: /does not match/ },
  'clock-skewed': { observe: hello, status: 403, errorType: 'SignatureDoesNotMatch', says: /^Signature expired: / },
  'caller-pending': { ...refused, says: assumingRole },
  'caller-role-missing': { observe: hello, ...denied, says: assume },
  'caller-role-principal-wrong': { observe: hello, ...denied, says: /no role trust policy allows the sts:AssumeRole/ },
  'external-id-wrong': { ...refused, says: assumingRole },
  'external-id-missing': { observe: hello, ...denied, says: /no role trust policy allows the sts:AssumeRole/ },
  'integration-recreated': { ...refused, says: assumingRole },
  'route-not-granted': {
    observe: hello,
    ...deniedByApi,
    says: /no identity-based policy allows the execute-api:Invoke/,
  },
  'invoke-not-granted': {
    observe: invokingFunction,
    ...deniedByApi,
    says: /no identity-based policy allows the lambda:InvokeFunction/,
  },
  'map-not-deployed': {
    observe: pastTheMap,
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    says: /"Missing Authentication Token"/,
  },
  'endpoint-edge': { ...refused, errorType: '100350', says: /Remote service cannot be reached/ },
  'policy-not-deployed': { observe: hello, ...deniedByApi, says: /explicit deny in a resource-based policy/ },
  'policy-missing': { observe: reporting, ...deniedByApi, says: /no resource-based policy allows/ },
  'route-missing': {
    observe: hello,
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    says: /"Missing Authentication Token"/,
  },
  'method-without-iam': { observe: hello, ...deniedByApi, says: /User: anonymous is not authorized/ },
  'api-key-required': {
    observe: hello,
    status: 403,
    errorType: 'ForbiddenException',
    says: /^{"message":"Forbidden"}$/,
  },
  'function-permission-missing': { observe: hello, ...badGateway, status: 500 },
  'function-does-not-load': { observe: hello, ...badGateway },
  'function-crashes': { observe: hello, ...badGateway },
  'answer-malformed': { observe: hello, ...badGateway },
  'rows-malformed': { ...refused, says: /must contain "data" JSON array/ },
  'function-timeout-too-short': {
    observe: probing,
    // Lambda ends the function, or the function has just the time to say that it will be.
    status: [502, 503],
    says: /Internal server error|SNOWFLAKE_UNREACHABLE.*No response to the (?:load|login)/,
  },
  'function-throttled': {
    observe: invokingFunction,
    status: 429,
    errorType: 'TooManyRequestsException',
    says: /Rate Exceeded/,
  },
  'integration-timeout': {
    observe: probing,
    status: 504,
    errorType: 'InternalServerErrorException',
    says: /Endpoint request timed out/,
  },
  'api-throttled': { observe: hello, status: 429, errorType: 'TooManyRequestsException', says: /Too Many Requests/ },
  'setup-not-run': { ...refused, errorType: '002140', says: /Unknown function SNOWGATE.DEV.HELLO/ },
  'sql-function-url-wrong': { ...refused, errorType: '100351', says: /Missing Authentication Token/ },
  'integration-missing': { ...refused, errorType: '002003', says: /does not exist or not authorized/ },
  'integration-disabled': { ...refused, says: /is not enabled/ },
  'integration-role-wrong': { ...refused, says: assumingRole },
  'integration-prefix-wrong': { ...refused, says: /begins with none of API_ALLOWED_PREFIXES/ },
  'api-host-wrong': { ...refused, errorType: '100350', says: /Remote service cannot be reached/ },
  // The Python runtime of a UDF is not in the stack: what would refuse it is looked at.
  'network-rule-host-wrong': {
    observe: running('DESC NETWORK RULE snowgate.dev.api_host'),
    status: 200,
    says: /a1b2c3d4e5/,
  },
  'secret-not-allowed': {
    observe: running('DESC INTEGRATION snowgate_dev_snowflake_access'),
    status: 200,
    says: /^(?!.*DOOR_SESSION)/,
  },
  'role-path-in-arn': { ...loginRefused, says: /Unable to find an associated Snowflake user/ },
  'user-missing': { ...loginRefused, says: /Unable to find an associated Snowflake user/ },
  'user-identity-wrong': { ...loginRefused, says: /Unable to find an associated Snowflake user/ },
  // The login succeeds, as somebody else.
  'identity-taken': { observe: probing, status: 200, says: /"user":"SNOWGATE_BEFORE"/ },
  'user-disabled': { ...loginRefused, says: /390101: User access disabled/ },
  'user-role-not-granted': { ...loginRefused, says: /390189: Role 'SNOWGATE_PROBE_READER'/ },
  'network-policy': { ...loginRefused, says: /390422: Incoming request with IP/ },
  'authentication-policy': { ...loginRefused, says: /390202: Authentication attempt rejected/ },
  'account-identifier-wrong': { ...loginRefused, says: /No Snowflake account has this identifier/ },
  'snowflake-unreachable': {
    observe: probing,
    status: 503,
    says: /SNOWFLAKE_UNREACHABLE.*No response to the login/,
  },
  'snowflake-down': {
    observe: probing,
    status: 503,
    says: /SNOWFLAKE_UNREACHABLE.*is reachable but returns server errors/,
  },
  'proxy-answers': { observe: probing, status: 422, says: /SNOWFLAKE_UNUSABLE.*does not come from Snowflake/ },
  'web-identity-disabled': { observe: probing, status: 422, says: /OutboundWebIdentityFederation is disabled/ },
  'web-identity-denied': { observe: probing, status: 422, says: /sts:GetWebIdentityToken/ },
  'web-identity-issuer-missing': {
    ...loginRefused,
    says: /sends a web identity token, and the Snowflake user has no issuer/,
  },
  'parameter-missing': { observe: probing, status: 422, says: /SECRET_NOT_FOUND/ },
  'parameter-denied': { observe: probing, status: 422, says: /SECRET_DENIED/ },
  'parameter-key-denied': { observe: probing, status: 422, says: /SECRET_NOT_DECRYPTABLE/ },
  'parameter-key-disabled': { observe: probing, status: 422, says: /SECRET_NOT_DECRYPTABLE/ },
  'private-key-damaged': { observe: probing, status: 422, says: /missing or changed/ },
  'private-key-newlines-lost': { observe: probing, status: 422, says: /line breaks are lost/ },
  'passphrase-wrong': { observe: probing, status: 422, says: /passphrase/ },
  'public-key-missing': { ...loginRefused, says: /JWT token is invalid/ },
  'key-rotated': { ...loginRefused, says: /JWT token is invalid/ },
  'user-name-not-login-name': { ...loginRefused, says: /JWT token is invalid/ },
  'target-role-denied': { observe: invokingTarget, status: 422, says: /ROLE_DENIED/ },
  'source-identity-denied': { observe: invokingTarget, status: 422, says: /ROLE_DENIED/ },
  'target-call-denied': { observe: invokingTarget, status: 200, says: /"status":403/ },
  'aws-throttled': { observe: hello, status: 400, errorType: 'Throttling', says: /^Rate exceeded$/ },
  'aws-unreachable': { observe: invokingTarget, status: 503, says: /AWS_UNREACHABLE/ },
}
