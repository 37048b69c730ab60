import { executionRoleName, lambdaFunctionName } from '../../shared/access/index.ts'
import { inFunction, inRole } from '../by-hand.ts'
import type { Circumstances, Instead } from '../circumstances.ts'
import { rewritten } from './documents.ts'
import { type Fault, loginOf, type MapScene, type Scene, withWebIdentityToken } from './fault.ts'

const user = (scene: MapScene) => `"${loginOf(scene).user}"`

const probeRole = ({ stageName }: MapScene) => executionRoleName(stageName, 'snowflake-probe')

const roleArn = (scene: Scene, role: string) =>
  `arn:${scene.place.partition}:iam::${scene.place.accountId}:role/${role}`

const withIdentity = (scene: Scene, arn: string) =>
  `ALTER USER ${user(scene)} SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${arn}')`

const snowflakeAnswers = (answer: Instead): Circumstances => ({ instead: { snowflake: answer } })

/** In a VPC whose subnets have no route to the outside. */
export const inVpc = (functionName: string) =>
  inFunction(functionName, {
    vpc: { subnetIds: ['subnet-0a1b2c3d4e5f60718'], securityGroupIds: ['sg-0a1b2c3d4e5f60718'] },
  })

/** Of nobody's, so that it takes part in no login but as somebody else's. */
const roleAsked = 'SNOWGATE_PROBE_READER'

export const snowflakeLoginFaults = {
  'role-path-in-arn': {
    sql: (scene) => [withIdentity(scene, roleArn(scene, `service-role/${probeRole(scene)}`))],
  },
  'user-missing': { sql: (scene) => [`DROP USER ${user(scene)}`] },
  'user-identity-wrong': {
    sql: (scene) => [withIdentity(scene, roleArn(scene, executionRoleName(scene.stageName, 'hello')))],
  },
  'identity-taken': {
    sql: (scene) => [
      `ALTER USER ${user(scene)} UNSET WORKLOAD_IDENTITY`,
      `CREATE USER "SNOWGATE_BEFORE" TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn(scene, probeRole(scene))}')`,
    ],
  },
  'user-disabled': { sql: (scene) => [`ALTER USER ${user(scene)} SET DISABLED = TRUE`] },
  'user-role-not-granted': {
    given: () => [{ path: ['snowflake', 'role'], value: roleAsked }],
    sql: (scene) => [`REVOKE ROLE "${roleAsked}" FROM USER ${user(scene)}`],
  },
  // Of documentation: nobody calls from there. https://www.rfc-editor.org/rfc/rfc5737
  'network-policy': {
    sql: (scene) => [
      'CREATE NETWORK POLICY "OFFICE" ALLOWED_IP_LIST = (\'192.0.2.0/24\')',
      `ALTER USER ${user(scene)} SET NETWORK_POLICY = "OFFICE"`,
    ],
  },
  'authentication-policy': {
    sql: (scene) => [
      "CREATE AUTHENTICATION POLICY \"PEOPLE\" AUTHENTICATION_METHODS = ('SAML', 'PASSWORD')",
      `ALTER USER ${user(scene)} SET AUTHENTICATION POLICY "PEOPLE"`,
    ],
  },
  'account-identifier-wrong': {
    map: {
      edits: (scene) => [{ path: ['snowflake', 'account'], value: `${loginOf(scene).account}x` }],
      deployed: true,
    },
  },
  'snowflake-unreachable': {
    byHand: (scene) => {
      loginOf(scene)
      return inVpc(lambdaFunctionName(scene.stageName, 'snowflake-probe'))
    },
  },
  'snowflake-down': {
    around: () =>
      snowflakeAnswers(() => ({
        status: 503,
        headers: { 'content-type': 'text/html' },
        body: '<html><body><h1>503 Service Unavailable</h1></body></html>',
      })),
  },
  'proxy-answers': {
    around: () =>
      snowflakeAnswers(() => ({
        status: 200,
        headers: { 'content-type': 'text/html', via: '1.1 proxy' },
        body: '<html><head><title>Log in to the network</title></head><body></body></html>',
      })),
  },
  'web-identity-disabled': { given: withWebIdentityToken, around: () => ({ federationDisabled: true }) },
  'web-identity-denied': {
    given: withWebIdentityToken,
    byHand: (scene) =>
      inRole(probeRole(scene), (role) => [
        {
          ...role,
          identityPolicies: role.identityPolicies.map((policy) =>
            rewritten(policy, (text) => text.replace('sts:GetWebIdentityToken', 'sts:GetCallerIdentity')),
          ),
        },
      ]),
  },
  'web-identity-issuer-missing': {
    given: withWebIdentityToken,
    sql: (scene) => [withIdentity(scene, roleArn(scene, probeRole(scene)))],
  },
} as const satisfies Readonly<Record<string, Fault>>
