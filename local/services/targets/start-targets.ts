import { serializeTargets, type Target, targetsVariable } from '../../../shared/access/targets/index.ts'
import type { RoleResource } from '../../deployment/deployed-resources.ts'
import { apiStage, type NamedTarget, targetAccount } from './access-map-target.ts'
import { startCrossAccountApi } from './cross-account-api.ts'
import { startNeptune } from './neptune-server.ts'
import { startSignedEcho } from './signed-echo.ts'
import { targetRoles } from './target-roles.ts'
import type { TargetServer, TargetServerDependencies } from './target-server.ts'

interface TargetServersDependencies
  extends Pick<TargetServerDependencies, 'findKey' | 'identifiers' | 'journal' | 'now'> {
  readonly targets: readonly NamedTarget[]
  /** The execution role that calls them. */
  readonly invokerRoleArn: string
  /** The service's own account. */
  readonly serviceAccount: string
}

export interface RunningTargetServers {
  /** By the target's name: the URL of its local server. */
  readonly urls: ReadonlyMap<string, string>
  readonly stop: () => Promise<void>
}

/** A local server for each target of a stage, each on its own port. */
export const startTargetServers = async ({
  targets,
  ...dependencies
}: TargetServersDependencies): Promise<RunningTargetServers> => {
  const started = await Promise.all(
    targets.map(async (target) => ({ target, server: await startTargetServer(target, dependencies) })),
  )
  return {
    urls: new Map(started.map(({ target, server }) => [target.name, server.url])),
    stop: async () => {
      await Promise.all(started.map(({ server }) => server.stop()))
    },
  }
}

const startTargetServer = (
  target: NamedTarget,
  { invokerRoleArn, serviceAccount, ...shared }: Omit<TargetServersDependencies, 'targets'>,
): Promise<TargetServer> => {
  const dependencies = { ...shared, target, accountId: targetAccount(target, serviceAccount) }
  if (target.service === 'neptune-db') return startNeptune(dependencies)
  // One stage is what a gateway here can serve; a custom domain may show none.
  const stage = target.service === 'execute-api' ? apiStage(target) : undefined
  if (stage !== undefined)
    return startCrossAccountApi({ ...dependencies, stage, trustedRoleArn: target.roleArn ?? invokerRoleArn })
  return startSignedEcho(dependencies)
}

type TargetsDependencies = Omit<Parameters<typeof startTargetServers>[0], 'targets'> & {
  /** The user that may call the targets directly, for tests. */
  readonly operatorArn: string
}

/** The targets of the stage, with a local server for each. */
export interface RunningTargets {
  /** Those of the targets' accounts, which the function assumes. */
  readonly roles: readonly RoleResource[]
  /** A function's variables, with the local servers' URLs instead of the targets'. */
  readonly environmentOf: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
  /** URLs of the local servers, by the target's name. */
  readonly urls: ReadonlyMap<string, string>
  readonly stop: () => Promise<void>
}

export const startTargets = async (
  targetsByName: ReadonlyMap<string, Target>,
  { operatorArn, ...dependencies }: TargetsDependencies,
): Promise<RunningTargets> => {
  const targets = [...targetsByName].map(([name, target]) => ({ name, ...target }))
  const roles = targetRoles(targets, { trustedArns: [dependencies.invokerRoleArn, operatorArn] })
  const running = await startTargetServers({ targets, ...dependencies })
  const localTargets = new Map<string, Target>(
    // The function refuses loopback unless the map allows it.
    [...targetsByName].map(([name, target]) => [
      name,
      { ...target, url: running.urls.get(name) ?? target.url, allowPrivate: true as const },
    ]),
  )
  return {
    roles,
    environmentOf: (variables) =>
      variables[targetsVariable] === undefined
        ? variables
        : { ...variables, [targetsVariable]: serializeTargets(localTargets) },
    urls: running.urls,
    stop: running.stop,
  }
}
