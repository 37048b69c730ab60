import { devNull } from 'node:os'
import type { DeploymentPackage } from './deployment-package.ts'
import { evaluate } from './iam/index.ts'
import { createInvokeApi, createLambdaRunner, type Invocation } from './lambda/index.ts'
import type { PlayedTargets } from './played-targets.ts'
import { requestContextKeys } from './request-context.ts'
import { withLocalLogin } from './snowflake-accounts.ts'
import type { Deployment } from './template/index.ts'
import type { createUnderWay } from './under-way.ts'
import type { World } from './world.ts'

interface Needs {
  readonly world: World
  readonly underWay: ReturnType<typeof createUnderWay>
  readonly unpack: DeploymentPackage['unpack']
  readonly environmentOf: PlayedTargets['environmentOf']
}

/** The functions of a deployment: their code unpacked, run as Lambda does, and invoked through its API. */
export const playFunctions = async (deployment: Deployment, { world, underWay, unpack, environmentOf }: Needs) => {
  const { place, url, keyRing, identifiers, print, now } = world
  const functions = await Promise.all(
    deployment.functions.map(async (fn) => ({
      ...fn,
      codeDirectory: await unpack(fn.packageFile),
      environment: withLocalLogin(environmentOf(fn.environment), url),
    })),
  )
  const runner = createLambdaRunner({
    functions,
    region: place.region,
    credentialsFor: ({ name, arn }) => {
      const { roleArn } = functions.find((fn) => fn.name === name) ?? {}
      const role = deployment.roles.find(({ arn }) => arn === roleArn)
      if (!role) throw new Error(`The execution role of ${name} is not in the template.`)
      // Lambda names the session after the function.
      return keyRing.startSession(role, { sessionName: name, functionArn: arn, durationSeconds: 12 * 3_600 })
    },
    endpointVariables: {
      AWS_ENDPOINT_URL: url,
      // Lambda has none; an SDK would otherwise read those of whoever runs the stack.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    },
    log: ({ functionName, line }) => print(`    ${functionName} | ${line}`),
    now,
  })
  // An event is worked on when its request has been answered.
  const invoke = (functionName: string, invocation: Invocation) =>
    underWay.follow(runner.invoke(functionName, invocation))
  const invokeApi = createInvokeApi({
    functions,
    region: place.region,
    accountId: place.accountId,
    policyOf: (name) => functions.find((fn) => fn.name === name)?.resourcePolicy,
    runner: { invoke },
    evaluate,
    newRequestId: identifiers.uuid,
    newTraceId: () => identifiers.traceId(now()),
    context: (request) => requestContextKeys(request, place.region, now()),
  })
  return { invoke, invokeApi, stop: runner.stop }
}
