import { partitionOf } from '../shared/access/index.ts'
import { openDeploymentPackage } from './deployment/deployment-package.ts'
import { type Deployments, startDeployments } from './deployment/replace-deployment.ts'
import { createActiveFaults, withFaults } from './faults/index.ts'
import { close, createWireServer, listen } from './http.ts'
import { createControlPlane, createRouter } from './router.ts'
import { domainNameOf } from './services/apigateway/index.ts'
import { createStackApi } from './stack-api/stack-api.ts'
import { createStackState } from './state.ts'

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
  /** Whether the service's account has enabled it; true. */
  readonly outboundFederation?: boolean
}

export interface Stack {
  /** `http://127.0.0.1:4566` */
  readonly url: string
  readonly stop: () => Promise<void>
}

/** The service's account in the local stack. */
const accountId = '111111111111'

/** Starts the stack on one loopback port: state that lasts, and a deployment that can be replaced. */
export const startStack = async ({
  packageDirectory,
  accessMapPath,
  port,
  seed,
  print,
  now: clock = () => new Date(),
  outboundFederation = true,
}: StackOptions): Promise<Stack> => {
  const activeFaults = createActiveFaults()
  const shutdown = new AbortController()
  const now = () => new Date(clock().getTime() + (activeFaults.state().clockAheadSeconds ?? 0) * 1_000)
  await using cleanup = new AsyncDisposableStack()
  const first = await openDeploymentPackage(packageDirectory)
  cleanup.defer(first.dispose)

  // The functions' endpoint is known once the port is: the server listens before there is anything to answer.
  const server = createWireServer({ answer: (request) => router(request), now })
  const url = await listen(server, port)
  cleanup.defer(() => close(server))

  const { region } = first
  const location = { accountId, region, partition: partitionOf(region) }
  // Snowflake calls regional and private APIs alone: https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-ui-proxy-service
  const isApiHost = (host: string) => {
    const { deployment } = deployments.current()
    return host === domainNameOf(deployment) && deployment.savedApi.endpointType !== 'EDGE'
  }
  const state = createStackState({
    seed,
    location,
    url,
    isApiHost,
    print,
    now,
    activeFaults,
    shutdownSignal: shutdown.signal,
    outboundFederation,
  })
  const deployments: Deployments = await startDeployments(first, accessMapPath, state)
  const router = createRouter({
    stackApi: createStackApi({ state, deployments }),
    gateway: withFaults(activeFaults, 'gateway', (request) => deployments.current().gateway(request)),
    lambda: withFaults(activeFaults, 'lambda', (request) => deployments.current().lambda(request)),
    snowflake: withFaults(activeFaults, 'snowflake', state.snowflake),
    ssm: withFaults(activeFaults, 'ssm', state.ssm),
    sts: withFaults(activeFaults, 'sts', state.sts),
    dynamodb: state.dynamodb.answer,
    controlPlane: createControlPlane({ deployment: () => deployments.current().deployment, ...state }),
  })

  cleanup.move()
  return {
    url,
    stop: async () => {
      shutdown.abort()
      await close(server)
      await deployments.stop()
    },
  }
}
