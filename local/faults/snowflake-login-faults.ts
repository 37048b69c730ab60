import { executionRoleName, lambdaFunctionName } from '../../shared/access/index.ts'
import { withChangedFunction, withChangedRole } from '../deployment/manual-drift.ts'
import { type Fault, type FaultContext, type FaultMapContext, loginOf, withWebIdentityToken } from './fault.ts'
import type { FaultState, ServiceOverride } from './fault-state.ts'
import { rewritePolicy } from './policy-edits.ts'

const user = (context: FaultMapContext) => `"${loginOf(context).user}"`

const probeRole = ({ stageName }: FaultMapContext) => executionRoleName(stageName, 'snowflake-probe')

const roleArn = (context: FaultContext, role: string) =>
  `arn:${context.location.partition}:iam::${context.location.accountId}:role/${role}`

const withIdentity = (context: FaultContext, arn: string) =>
  `ALTER USER ${user(context)} SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${arn}')`

const overrideSnowflake = (answer: ServiceOverride): FaultState => ({ overrides: { snowflake: answer } })

/** In a VPC whose subnets have no route to the outside. */
export const inVpc = (functionName: string) =>
  withChangedFunction(functionName, {
    vpc: { subnetIds: ['subnet-0a1b2c3d4e5f60718'], securityGroupIds: ['sg-0a1b2c3d4e5f60718'] },
  })

/** A policy that no user has, so that only the fault uses it. */
const probeReaderRole = 'SNOWGATE_PROBE_READER'

export const snowflakeLoginFaults = {
  'role-path-in-arn': {
    sql: (context) => [withIdentity(context, roleArn(context, `service-role/${probeRole(context)}`))],
  },
  'user-missing': { sql: (context) => [`DROP USER ${user(context)}`] },
  'user-identity-wrong': {
    sql: (context) => [withIdentity(context, roleArn(context, executionRoleName(context.stageName, 'hello')))],
  },
  'identity-taken': {
    sql: (context) => [
      `ALTER USER ${user(context)} UNSET WORKLOAD_IDENTITY`,
      `CREATE USER "SNOWGATE_BEFORE" TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn(context, probeRole(context))}')`,
    ],
  },
  'user-disabled': { sql: (context) => [`ALTER USER ${user(context)} SET DISABLED = TRUE`] },
  'user-role-not-granted': {
    prerequisites: () => [{ path: ['snowflake', 'role'], value: probeReaderRole }],
    sql: (context) => [`REVOKE ROLE "${probeReaderRole}" FROM USER ${user(context)}`],
  },
  // A documentation address, which no caller has. https://www.rfc-editor.org/rfc/rfc5737
  'network-policy': {
    sql: (context) => [
      'CREATE NETWORK POLICY "OFFICE" ALLOWED_IP_LIST = (\'192.0.2.0/24\')',
      `ALTER USER ${user(context)} SET NETWORK_POLICY = "OFFICE"`,
    ],
  },
  'authentication-policy': {
    sql: (context) => [
      "CREATE AUTHENTICATION POLICY \"PEOPLE\" AUTHENTICATION_METHODS = ('SAML', 'PASSWORD')",
      `ALTER USER ${user(context)} SET AUTHENTICATION POLICY "PEOPLE"`,
    ],
  },
  'account-identifier-wrong': {
    map: {
      edits: (context) => [{ path: ['snowflake', 'account'], value: `${loginOf(context).account}x` }],
      deployed: true,
    },
  },
  'snowflake-unreachable': {
    manualChanges: (context) => {
      loginOf(context)
      return inVpc(lambdaFunctionName(context.stageName, 'snowflake-probe'))
    },
  },
  'snowflake-down': {
    faultState: () =>
      overrideSnowflake(() => ({
        status: 503,
        headers: { 'content-type': 'text/html' },
        body: '<html><body><h1>503 Service Unavailable</h1></body></html>',
      })),
  },
  'proxy-answers': {
    faultState: () =>
      overrideSnowflake(() => ({
        status: 200,
        headers: { 'content-type': 'text/html', via: '1.1 proxy' },
        body: '<html><head><title>Log in to the network</title></head><body></body></html>',
      })),
  },
  'web-identity-disabled': { prerequisites: withWebIdentityToken, faultState: () => ({ federationDisabled: true }) },
  'web-identity-denied': {
    prerequisites: withWebIdentityToken,
    manualChanges: (context) =>
      withChangedRole(probeRole(context), (role) => [
        {
          ...role,
          identityPolicies: role.identityPolicies.map((policy) =>
            rewritePolicy(policy, (text) => text.replace('sts:GetWebIdentityToken', 'sts:GetCallerIdentity')),
          ),
        },
      ]),
  },
  'web-identity-issuer-missing': {
    prerequisites: withWebIdentityToken,
    sql: (context) => [withIdentity(context, roleArn(context, probeRole(context)))],
  },
} as const satisfies Readonly<Record<string, Fault>>
