import { type CallableTarget, parseTargets, targetsVariable } from '../../shared/access/targets/index.ts'
import { createAssumeRole } from '../../shared/aws/assume-role.ts'
import type { AwsCredentials } from '../../shared/aws/aws-api-client.ts'
import {
  credentialVariables,
  type Environment,
  readVariables,
  roleCredentials,
} from '../../shared/aws/lambda-environment.ts'
import { createRequestSigner } from '../../shared/aws/sign-request.ts'
import type { Handler } from '../../shared/http/index.ts'
import { invoke } from './invoke.ts'
import { createTargetResolver, resolveHostname } from './resolve-target.ts'
import { createSender } from './send-to-target.ts'
import type { SessionIdentity } from './session-identity.ts'

/** Creates the handler with targets and region of the environment, DNS, STS, the network and the clock. */
export const createInvokeHandler = (env: Environment): Handler => {
  const { AWS_REGION: region, [targetsVariable]: targets } = readVariables(
    env,
    'AWS_REGION',
    targetsVariable,
    ...credentialVariables,
  )
  const roleSession = roleCredentials(env)
  const assumeRole = createAssumeRole({ region, credentials: async () => roleSession })

  const credentialsFor = async (
    target: CallableTarget,
    caller: SessionIdentity,
    signal: AbortSignal,
  ): Promise<AwsCredentials> => {
    const { roleArn, externalId } = target
    if (roleArn === undefined) return roleSession
    return assumeRole({ roleArn, ...caller, ...(externalId !== undefined && { externalId }) }, signal)
  }

  return invoke({
    targets: parseTargets(targets),
    resolveTarget: createTargetResolver(resolveHostname, Date.now),
    credentialsFor,
    sign: (target, credentials, request) => createRequestSigner(target, credentials).sign(request, new Date()),
    send: createSender(Date.now),
  })
}
