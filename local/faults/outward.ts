import { lambdaFunctionName } from '../../shared/access/index.ts'
import type { ByHand } from '../by-hand.ts'
import type { RoleResource } from '../template/index.ts'
import { rewritten } from './documents.ts'
import { type Fault, type MapScene, NothingToBreak } from './fault.ts'
import { inVpc } from './snowflake-login.ts'

/** The role of the first target that has one. */
const targetRole = ({ stage, stageName }: MapScene, change: (role: RoleResource) => RoleResource): ByHand => {
  const arn = [...stage.targets.values()].find(({ roleArn }) => roleArn !== undefined)?.roleArn
  if (arn === undefined) throw new NothingToBreak(`No target of the stage ${stageName} has a role.`)
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

export const outwardFaults = {
  'target-role-denied': {
    byHand: (scene) =>
      targetRole(scene, (role) => ({
        ...role,
        trustPolicy: rewritten(role.trustPolicy, (text) => text.replace(/-function$/, '-before')),
      })),
  },
  'source-identity-denied': {
    byHand: (scene) =>
      targetRole(scene, (role) => ({
        ...role,
        trustPolicy: rewritten(role.trustPolicy, (text) => (text === 'sts:SetSourceIdentity' ? undefined : text)),
      })),
  },
  'target-call-denied': {
    byHand: (scene) => targetRole(scene, (role) => ({ ...role, identityPolicies: [] })),
  },
  'aws-throttled': {
    around: () => ({
      instead: {
        sts: () => queryError('Throttling', 'Rate exceeded', 400),
        ssm: () => jsonError('ThrottlingException', 'Rate exceeded'),
      },
    }),
  },
  'aws-unreachable': {
    byHand: ({ stage, stageName }) => {
      if (stage.targets.size === 0) throw new NothingToBreak(`The stage ${stageName} has no targets.`)
      return inVpc(lambdaFunctionName(stageName, 'invoke'))
    },
  },
} as const satisfies Readonly<Record<string, Fault>>
