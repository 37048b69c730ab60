import type { AddressInfo } from 'node:net'
import { devNull } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { executionRoleName, readAccessMap, roleArn, stageOf } from '../shared/access/index.ts'
import { openDeploymentPackage } from './deployment-package.ts'
import { createDynamodb } from './dynamodb/index.ts'
import { createFrontDoor } from './front-door.ts'
import { createGateway, domainNameOf } from './gateway/index.ts'
import { createWireServer } from './http/index.ts'
import { evaluate, validatePolicy } from './iam/index.ts'
import { createIdentifiers } from './identifiers.ts'
import { createKeyRing, createParties } from './identities/index.ts'
import { createJournal } from './journal.ts'
import { createInvokeApi, createLambdaRunner } from './lambda/index.ts'
import { playTargets } from './played-targets.ts'
import { requestContextKeys } from './request-context.ts'
import { createSnowflakeAccounts, withLocalLogin } from './snowflake-accounts.ts'
import { createSnowflakeServer } from './snowflake-server/index.ts'
import { createParameterStore, createSsm } from './ssm/index.ts'
import { createStackApi } from './stack-api.ts'
import { createStatementsApi } from './statements-api.ts'
import { createSts } from './sts/index.ts'
import { type Deployment, readDeployment } from './template/index.ts'

export interface StackOptions {
  /** The folder that `osls package` filled. */
  readonly packageDirectory: string
  /** The trust map the template was compiled from: it says whom the stack can play. */
  readonly accessMapPath: string
  /** 0 takes a free one. */
  readonly port: number
  /** The same seed gives the same ids and keys. */
  readonly seed: string
  readonly print: (line: string) => void
  /** The clock of everything imitated; of the functions' own processes it is not. */
  readonly now?: () => Date
}

export interface Stack {
  /** `http://127.0.0.1:4566` */
  readonly url: string
  readonly stop: () => Promise<void>
}

/** The service's account in the local world. */
const accountId = '111111111111'

/** Starts everything that is imitated, on one loopback port. */
export const startStack = async ({
  packageDirectory,
  accessMapPath,
  port,
  seed,
  print,
  now = () => new Date(),
}: StackOptions): Promise<Stack> => {
  const identifiers = createIdentifiers(seed)
  const accessMap = readAccessMap(accessMapPath)
  const deploymentPackage = await openDeploymentPackage(packageDirectory)
  const { region } = deploymentPackage
  const deployment = readDeployment(deploymentPackage.template, {
    place: { accountId, region },
    stackName: 'snowgate',
    identifiers,
  })
  const journal = createJournal(print)
  const keyRing = createKeyRing({ identifiers, now })
  const parties = createParties({ accessMap, deployment, keyRing, identifiers })
  const map = stageOf(accessMap, deployment.api.stage)
  const played = await playTargets(map.targets, {
    invokerRoleArn: roleArn(deployment.place.partition, accountId, executionRoleName(deployment.api.stage, 'invoke')),
    operatorArn: `arn:${deployment.place.partition}:iam::${accountId}:user/admin`,
    ...{ serviceAccount: accountId, findKey: keyRing.findKey, identifiers, journal, now },
  })
  checkPolicies({ ...deployment, roles: [...deployment.roles, ...played.roles] })
  // A target that names one of the template's roles finds that role, and not one made for it.
  const rolesByArn = new Map([...played.roles, ...deployment.roles].map((role) => [role.arn, role]))
  const findRole = (arn: string) => rolesByArn.get(arn)

  // The functions' endpoint is known once the port is: the server listens before the runner is made.
  const server = createWireServer({ answer: (request) => frontDoor(request), now })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken: stop what listens there, or choose another port, 0 for any.`)
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  }).catch(async (error: unknown) => {
    await played.stop()
    throw error
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one

  const functions = await Promise.all(
    deployment.functions.map(async (fn) => ({
      ...fn,
      codeDirectory: await deploymentPackage.unpack(fn.packageFile),
      environment: withLocalLogin(played.environmentOf(fn.environment), url),
    })),
  )
  const runner = createLambdaRunner({
    functions,
    region,
    credentialsFor: (fn) => {
      const role = findRole(deployment.functions.find(({ name }) => name === fn.name)?.roleArn ?? '')
      if (!role) throw new Error(`The execution role of ${fn.name} is not in the template.`)
      // Lambda names the session after the function.
      return keyRing.startSession(role, { sessionName: fn.name, durationSeconds: 12 * 3_600 })
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
  const invokeApi = createInvokeApi({
    functions,
    region,
    accountId,
    policyOf: (name) => deployment.functions.find((fn) => fn.name === name)?.resourcePolicy,
    runner,
    evaluate,
    newRequestId: identifiers.uuid,
    newTraceId: () => identifiers.traceId(now()),
    context: (request) => requestContextKeys(request, region, now()),
  })
  const { stage } = deployment.api
  const apiHost = domainNameOf(deployment)
  const snowflakeAccounts = createSnowflakeAccounts({
    stage: map,
    ...{ parties, place: deployment.place, apiHost, url, now, newId: identifiers.uuid, print },
  })
  const frontDoor = createFrontDoor({
    stackApi: createStackApi({
      parties,
      journal,
      region,
      service: { stage, accountId, apiUrl: `https://${apiHost}/${stage}` },
      targets: played.urls,
      runStatements: createStatementsApi(snowflakeAccounts),
      endpoints: () => ({ api: `${url}/${stage}`, aws: url, snowflake: url }),
    }),
    gateway: createGateway({
      deployment,
      findKey: keyRing.findKey,
      invoke: (functionName, invocation) => runner.invoke(functionName, invocation),
      identifiers,
      journal,
      now,
    }),
    snowflake: createSnowflakeServer({
      accounts: [...snowflakeAccounts.values()],
      findKey: keyRing.findKey,
      findIssuerKeys: () => [], // STS here issues no web identity tokens
      ...{ journal, now, newId: identifiers.uuid, newToken: identifiers.sessionToken },
      sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
    }),
    ssm: createSsm({
      store: createParameterStore({ keys: [], identifiers, now }),
      ...{ place: deployment.place, findKey: keyRing.findKey, identifiers, journal, now },
    }),
    sts: createSts({ region, findRole, keyRing, identifiers, journal, now }),
    dynamodb: await createDynamodb({ deployment, findKey: keyRing.findKey, identifiers, journal, now }),
    lambda: { invokeApi, region, findKey: keyRing.findKey, identifiers, journal, now },
  })

  return {
    url,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await runner.stop()
      await played.stop()
      await deploymentPackage.dispose()
    },
  }
}

/** A policy that cannot be evaluated must stop the start, not surprise a request. */
const checkPolicies = ({ api, functions, roles }: Deployment): void => {
  if (api.resourcePolicy) validatePolicy(api.resourcePolicy, 'resource-based')
  for (const { resourcePolicy } of functions) if (resourcePolicy) validatePolicy(resourcePolicy, 'resource-based')
  for (const { trustPolicy, identityPolicies } of roles) {
    validatePolicy(trustPolicy, 'role trust')
    for (const policy of identityPolicies) validatePolicy(policy, 'identity-based')
  }
}
