import { AccessMapError, type Stage } from '../shared/access/index.ts'
import { targetsVariable, writeTargets } from '../shared/targets/index.ts'
import { policyDocument } from './cloudformation.ts'

/** The function that calls targets. */
const invokeFunction = 'invoke'

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: of all the variables of a function. */
const variablesLimit = 4_096

/** What serverless.yml says of the function that calls targets, and of no other. */
export const targetSettings = (functionName: string, stage: Stage) =>
  functionName === invokeFunction ? { environment: { [targetsVariable]: writeTargets(stage.targets) } } : {}

/** The roles of the targets, each by its ARN. The source identity says in the target's account who asked. */
export const targetPolicies = (functionName: string, { targets }: Stage) => {
  const roles = [...new Set([...targets.values()].flatMap(({ roleArn }) => roleArn ?? []))]
  if (functionName !== invokeFunction || roles.length === 0) return []
  const statement = {
    Sid: 'AssumeRolesOfTargets',
    Effect: 'Allow',
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    Resource: roles,
  } as const
  return [{ PolicyName: 'targets', PolicyDocument: policyDocument(statement) }]
}

/** Refuses a stage whose callers may call targets that are not there, or that are too many to be told to the function. */
export const checkTargets = ({ callers, targets }: Stage): void => {
  const [caller] = [...callers].find(([, { routes }]) => routes.some(isInvoke)) ?? []
  if (caller === undefined) return
  if (targets.size === 0) {
    throw new AccessMapError(
      `the caller ${caller} may call /${invokeFunction}, and there is nothing to call: write targets beside callers`,
    )
  }
  const size = Buffer.byteLength(JSON.stringify({ [targetsVariable]: writeTargets(targets) }))
  if (size <= variablesLimit) return
  throw new AccessMapError(
    `the targets would take ${size} bytes of environment variables, and Lambda takes ${variablesLimit}: give the stage fewer targets, or prefixes such as GET /orders/* in place of many paths`,
  )
}

const isInvoke = ({ functionName }: { readonly functionName: string }): boolean => functionName === invokeFunction
