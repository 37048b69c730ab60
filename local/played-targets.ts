import { type Target, targetsVariable, writeTargets } from '../shared/targets/index.ts'
import { startTargets, targetRoles } from './targets/index.ts'
import type { RoleResource } from './template/index.ts'

type Needs = Omit<Parameters<typeof startTargets>[0], 'targets'> & {
  /** Who tries the targets by hand. */
  readonly operatorArn: string
}

/** The targets of the stage, with somebody on loopback who plays each. */
export interface PlayedTargets {
  /** Those of the targets' accounts, which the function assumes. */
  readonly roles: readonly RoleResource[]
  /** A function's variables, with the players' URLs in place of the targets'. */
  readonly environmentOf: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
  /** By the target's name: where it is played. */
  readonly urls: ReadonlyMap<string, string>
  readonly stop: () => Promise<void>
}

export const playTargets = async (
  map: ReadonlyMap<string, Target>,
  { operatorArn, ...needs }: Needs,
): Promise<PlayedTargets> => {
  const targets = [...map].map(([name, target]) => ({ name, ...target }))
  const roles = targetRoles(targets, { trusted: [needs.invokerRoleArn, operatorArn] })
  const running = await startTargets({ targets, ...needs })
  const local = new Map<string, Target>(
    // The function refuses loopback unless the map allows it.
    [...map].map(([name, target]) => [
      name,
      { ...target, url: running.urls.get(name) ?? target.url, allowPrivate: true as const },
    ]),
  )
  return {
    roles,
    environmentOf: (variables) =>
      variables[targetsVariable] === undefined ? variables : { ...variables, [targetsVariable]: writeTargets(local) },
    urls: running.urls,
    stop: running.stop,
  }
}
