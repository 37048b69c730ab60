import { AccessMapError, type Stage } from '../../shared/access/index.ts'
import { serializeTargets, targetsVariable } from '../../shared/access/targets/index.ts'
import { policyDocument } from './cloudformation.ts'

/** The function that calls targets. */
const invokeFunction = 'invoke'

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: for all environment variables of a function. */
const maxEnvironmentBytes = 4_096

/** Settings in serverless.yml of the function that calls targets. */
export const targetSettings = (functionName: string, stage: Stage) =>
  functionName === invokeFunction ? { environment: { [targetsVariable]: serializeTargets(stage.targets) } } : {}

/** Permission to assume the target roles. The source identity shows the caller in the target's account. */
export const targetPolicies = (functionName: string, { targets }: Stage) => {
  const roles = [...new Set([...targets.values()].flatMap(({ roleArn }) => roleArn ?? []))]
  if (functionName !== invokeFunction || roles.length === 0) return []
  const statement = {
    Sid: 'AssumeTargetRoles',
    Effect: 'Allow',
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    Resource: roles,
  } as const
  return [{ PolicyName: 'targets', PolicyDocument: policyDocument(statement) }]
}

/** Rejects a stage whose callers may call targets, but which has no targets, or too many for the environment variable. */
export const checkTargets = ({ callers, targets }: Stage): void => {
  const [caller] = [...callers].find(([, { routes }]) => routes.some(isInvokeRoute)) ?? []
  if (caller === undefined) return
  if (targets.size === 0) {
    throw new AccessMapError(
      `the caller ${caller} may call /${invokeFunction}, and the stage has no targets: add targets next to callers`,
    )
  }
  const size = Buffer.byteLength(JSON.stringify({ [targetsVariable]: serializeTargets(targets) }))
  if (size <= maxEnvironmentBytes) return
  throw new AccessMapError(
    `the targets would take ${size} bytes of environment variables, and the limit of Lambda is ${maxEnvironmentBytes}: give the stage fewer targets, or prefixes such as GET /orders/* instead of many paths`,
  )
}

const isInvokeRoute = ({ functionName }: { readonly functionName: string }): boolean => functionName === invokeFunction
