import { lambdaFunctionName } from '../../shared/access/index.ts'
import type { RoleResource } from '../deployment/deployed-resources.ts'
import type { ManualChanges } from '../deployment/manual-drift.ts'
import { type Fault, type FaultMapContext, FaultNotApplicable } from './fault.ts'
import { rewritePolicy } from './policy-edits.ts'
import { inVpc } from './snowflake-login-faults.ts'

/** The role of the first target that has one. */
const withChangedTargetRole = (
  { stage, stageName }: FaultMapContext,
  change: (role: RoleResource) => RoleResource,
): ManualChanges => {
  const arn = [...stage.targets.values()].find(({ roleArn }) => roleArn !== undefined)?.roleArn
  if (arn === undefined) throw new FaultNotApplicable(`No target of the stage ${stageName} has a role.`)
  return {
    targetRole: (role) => (role.arn === arn ? change(role) : role),
    // It keeps the sessions that it has.
    restarted: [lambdaFunctionName(stageName, 'invoke')],
  }
}

const queryError = (code: string, message: string, status: number) => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
})

const jsonError = (type: string, message: string) => ({
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: type, message }),
})

export const outboundFaults = {
  'target-role-denied': {
    manualChanges: (context) =>
      withChangedTargetRole(context, (role) => ({
        ...role,
        trustPolicy: rewritePolicy(role.trustPolicy, (text) => text.replace(/-function$/, '-before')),
      })),
  },
  'source-identity-denied': {
    manualChanges: (context) =>
      withChangedTargetRole(context, (role) => ({
        ...role,
        trustPolicy: rewritePolicy(role.trustPolicy, (text) => (text === 'sts:SetSourceIdentity' ? undefined : text)),
      })),
  },
  'target-call-denied': {
    manualChanges: (context) => withChangedTargetRole(context, (role) => ({ ...role, identityPolicies: [] })),
  },
  'aws-throttled': {
    faultState: () => ({
      overrides: {
        sts: () => queryError('Throttling', 'Rate exceeded', 400),
        ssm: () => jsonError('ThrottlingException', 'Rate exceeded'),
      },
    }),
  },
  'aws-unreachable': {
    manualChanges: ({ stage, stageName }) => {
      if (stage.targets.size === 0) throw new FaultNotApplicable(`The stage ${stageName} has no targets.`)
      return inVpc(lambdaFunctionName(stageName, 'invoke'))
    },
  },
} as const satisfies Readonly<Record<string, Fault>>
