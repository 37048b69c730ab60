import { assumedRole } from '../../shared/credentials/index.ts'
import type { Story } from '../../shared/http/index.ts'
import { type Environment, readVariables, roleCredentials, roleVariables } from '../../shared/settings.ts'
import { type Credentials, requestSigner } from '../../shared/signing/index.ts'
import { type CallableTarget, readTargets, targetsVariable } from '../../shared/targets/index.ts'
import { createAddresses, systemResolve } from './addresses.ts'
import type { CallerName } from './caller-name.ts'
import { invoke } from './invoke.ts'
import { createSender } from './send.ts'

/** Creates the handler with targets and region of the environment, DNS, STS, the network and the clock. */
export const assembleInvoke = (env: Environment): Story => {
  const { AWS_REGION: region, [targetsVariable]: targets } = readVariables(
    env,
    'AWS_REGION',
    targetsVariable,
    ...roleVariables,
  )
  const own = roleCredentials(env)
  const session = assumedRole({ region, credentials: async () => own })

  const credentialsFor = async (
    target: CallableTarget,
    caller: CallerName,
    signal: AbortSignal,
  ): Promise<Credentials> => {
    const { roleArn, externalId } = target
    if (roleArn === undefined) return own
    return session({ roleArn, ...caller, ...(externalId !== undefined && { externalId }) }, signal)
  }

  return invoke({
    targets: readTargets(targets),
    addressesOf: createAddresses(systemResolve, Date.now),
    credentialsFor,
    sign: (target, credentials, request) => requestSigner(target, credentials).sign(request, new Date()),
    send: createSender(Date.now),
  })
}
