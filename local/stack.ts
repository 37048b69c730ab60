import { partitionOf } from '../shared/access/index.ts'
import { behind, createAround } from './circumstances.ts'
import { createControlPlane } from './control-plane/index.ts'
import { openDeploymentPackage } from './deployment-package.ts'
import { type Deployments, startDeployments } from './deployments.ts'
import { createFrontDoor } from './front-door.ts'
import { domainNameOf } from './gateway/index.ts'
import { close, createWireServer, listen } from './http/index.ts'
import { createStackApi } from './stack-api.ts'
import { createWorld } from './world.ts'

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

/** The service's account in the local world. */
const accountId = '111111111111'

/** Starts everything that is imitated, on one loopback port: a world that stays, and in it a deployment that can be replaced. */
export const startStack = async ({
  packageDirectory,
  accessMapPath,
  port,
  seed,
  print,
  now: clock = () => new Date(),
  outboundFederation = true,
}: StackOptions): Promise<Stack> => {
  const around = createAround()
  const ending = new AbortController()
  const now = () => new Date(clock().getTime() + (around.now().clockAhead ?? 0) * 1_000)
  await using unfinished = new AsyncDisposableStack()
  const first = await openDeploymentPackage(packageDirectory)
  unfinished.defer(first.dispose)

  // The functions' endpoint is known once the port is: the server listens before there is anything to answer.
  const server = createWireServer({ answer: (request) => frontDoor(request), now })
  const url = await listen(server, port)
  unfinished.defer(() => close(server))

  const { region } = first
  const place = { accountId, region, partition: partitionOf(region) }
  // Snowflake calls regional and private APIs alone: https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-ui-proxy-service
  const isApiHost = (host: string) => {
    const { deployment } = deployments.current()
    return host === domainNameOf(deployment) && deployment.savedApi.endpointType !== 'EDGE'
  }
  const world = createWorld({
    seed,
    place,
    url,
    isApiHost,
    print,
    now,
    around,
    ending: ending.signal,
    outboundFederation,
  })
  const deployments: Deployments = await startDeployments(first, accessMapPath, world)
  const frontDoor = createFrontDoor({
    stackApi: createStackApi({ world, deployments }),
    gateway: behind(around, 'gateway', (request) => deployments.current().gateway(request)),
    lambda: behind(around, 'lambda', (request) => deployments.current().lambda(request)),
    snowflake: behind(around, 'snowflake', world.snowflake),
    ssm: behind(around, 'ssm', world.ssm),
    sts: behind(around, 'sts', world.sts),
    dynamodb: world.dynamodb.answer,
    controlPlane: createControlPlane({ deployment: () => deployments.current().deployment, ...world }),
  })

  unfinished.move()
  return {
    url,
    stop: async () => {
      ending.abort()
      await close(server)
      await deployments.stop()
    },
  }
}
