import { callerRoleName, snowflakeNames } from '../../shared/access/index.ts'
import type { RoleResource } from '../deployment/deployed-resources.ts'
import { withChangedRole } from '../deployment/manual-drift.ts'
import {
  accountCaller,
  type Fault,
  type FaultContext,
  type FaultMapContext,
  FaultNotApplicable,
  snowflakeCaller,
} from './fault.ts'
import { rewritePolicy, withCondition, withoutResources } from './policy-edits.ts'

const accountCallerRole = (context: FaultMapContext) => callerRoleName(context.stageName, accountCaller(context).name)
const snowflakeCallerRole = (context: FaultMapContext) =>
  callerRoleName(context.stageName, snowflakeCaller(context).name)

const withChangedTrust = (roleName: string, change: (text: string) => string) =>
  withChangedRole(roleName, (role) => [{ ...role, trustPolicy: rewritePolicy(role.trustPolicy, change) }])

/** The role without some of the resources in its policies. */
const withoutResource = (isRemoved: (resource: string) => boolean) => (role: RoleResource) => [
  { ...role, identityPolicies: role.identityPolicies.map((policy) => withoutResources(policy, isRemoved)) },
]

const otherRoleArn = ({ location: { partition } }: FaultContext) =>
  `arn:${partition}:iam::222222222222:role/SomebodyElse`

export const apiIntegration = (context: FaultMapContext) =>
  snowflakeNames(context.stageName, snowflakeCaller(context).name).apiIntegration

/** As infra/snowflake/api-integration.sql creates it. */
export const recreateIntegration = (context: FaultContext, { roleArn, prefix }: { roleArn: string; prefix: string }) =>
  `CREATE OR REPLACE API INTEGRATION "${apiIntegration(context)}" API_PROVIDER = aws_api_gateway
  API_AWS_ROLE_ARN = '${roleArn}' API_ALLOWED_PREFIXES = ('${prefix}') ENABLED = TRUE`

export const callerRoleArn = (context: FaultContext, roleName = snowflakeCallerRole(context)) =>
  `arn:${context.location.partition}:iam::${context.location.accountId}:role/${roleName}`

export const callerRoleFaults = {
  'caller-pending': {
    map: {
      edits: (context) => {
        const at = ['callers', snowflakeCaller(context).name]
        return [{ path: [...at, 'iamUserArn'] }, { path: [...at, 'externalIds'] }]
      },
      deployed: true,
    },
  },
  'caller-role-missing': { manualChanges: (context) => withChangedRole(accountCallerRole(context), () => []) },
  'caller-role-principal-wrong': {
    manualChanges: (context) => {
      const { caller } = accountCaller(context)
      const principals: readonly string[] = caller.kind === 'account' ? caller.principals : []
      return withChangedTrust(accountCallerRole(context), (text) =>
        principals.includes(text) ? otherRoleArn(context) : text,
      )
    },
  },
  'external-id-wrong': {
    manualChanges: (context) => {
      const { externalIds } = snowflakeCaller(context).caller
      return withChangedTrust(snowflakeCallerRole(context), (text) =>
        externalIds.includes(text) ? text.replace(/=$/, '') : text,
      )
    },
  },
  'external-id-missing': {
    manualChanges: (context) =>
      withChangedRole(accountCallerRole(context), (role) => [
        { ...role, trustPolicy: withCondition(role.trustPolicy, 'sts:ExternalId', 'not-the-callers') },
      ]),
  },
  'integration-recreated': {
    sql: (context) => [recreateIntegration(context, { roleArn: callerRoleArn(context), prefix: `${context.apiUrl}/` })],
  },
  'route-not-granted': {
    manualChanges: (context) =>
      withChangedRole(
        accountCallerRole(context),
        withoutResource((text) => text.endsWith('/POST/hello')),
      ),
  },
  'invoke-not-granted': {
    manualChanges: (context) => {
      const { name, caller } = accountCaller(context)
      if (!caller.routes.some(({ method }) => method === 'INVOKE'))
        throw new FaultNotApplicable(`The caller ${name} invokes no function directly.`)
      return withChangedRole(
        accountCallerRole(context),
        withoutResource((text) => text.includes(':function:')),
      )
    },
  },
} as const satisfies Readonly<Record<string, Fault>>
