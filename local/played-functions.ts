import { writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import type { DeploymentPackage } from './deployment-package.ts'
import { evaluate } from './iam/index.ts'
import { createInvokeApi, createLambdaRunner, type Invocation } from './lambda/index.ts'
import { startNoWayOut } from './no-way-out.ts'
import type { PlayedTargets } from './played-targets.ts'
import { requestContextKeys } from './request-context.ts'
import { withLocalLogin } from './snowflake-accounts.ts'
import type { Deployment, FunctionResource } from './template/index.ts'
import type { createUnderWay } from './under-way.ts'
import type { World } from './world.ts'

interface Needs {
  readonly world: World
  readonly underWay: ReturnType<typeof createUnderWay>
  readonly unpack: DeploymentPackage['unpack']
  readonly environmentOf: PlayedTargets['environmentOf']
  /** By the name of the function: what its module was replaced by. */
  readonly code: Readonly<Record<string, string>>
}

/** The functions of a deployment: their code unpacked, run as Lambda does, and invoked through its API. */
export const playFunctions = async (
  deployment: Deployment,
  { world, underWay, unpack, environmentOf, code }: Needs,
) => {
  const { place, url, keyRing, identifiers, print, now } = world
  // An endpoint in the VPC, or a gateway to the outside, is not imitated.
  const noWayOut = deployment.functions.some(({ vpc }) => vpc) ? await startNoWayOut() : undefined
  const outsideOf = ({ vpc }: Pick<FunctionResource, 'vpc'>) => (vpc && noWayOut ? noWayOut.url : url)
  const functions = await Promise.all(
    deployment.functions.map(async (fn) => ({
      ...fn,
      codeDirectory: await unpackFunction(fn, unpack, code[fn.name]),
      environment: withLocalLogin(environmentOf(fn.environment), outsideOf(fn)),
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
    endpointVariables: ({ name }) => ({
      AWS_ENDPOINT_URL: outsideOf(functions.find((fn) => fn.name === name) ?? {}),
      // Lambda has none; an SDK would otherwise read those of whoever runs the stack.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    }),
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
  return {
    ...{ invoke, invokeApi },
    stop: async () => {
      await runner.stop()
      await noWayOut?.stop()
    },
  }
}

const unpackFunction = async (
  { packageFile, handler }: FunctionResource,
  unpack: DeploymentPackage['unpack'],
  replaced: string | undefined,
): Promise<string> => {
  const directory = await unpack(packageFile)
  if (replaced !== undefined) await writeFile(join(directory, `${handler.replace(/\.[^./]*$/, '')}.cjs`), replaced)
  return directory
}
