import { CommandFailure } from '../command-failure.ts'
import type { LocalStack } from '../local-stack/index.ts'

/** A target of the map, with a path below it. */
export interface NamedTarget {
  readonly name: string
  readonly path: string
}

export interface ResolvedTarget {
  readonly url: URL
  readonly service: string
  readonly region: string
  readonly roleArn: string | undefined
  readonly externalId: string | undefined
}

interface Where {
  /** Absolute. */
  readonly access: string
  readonly stage: string
  /** Plays the target; absent: the target itself is called. */
  readonly stack: LocalStack | undefined
}

/** What the map knows of it. A person may call any path; what the target allows is the target's to say. */
export const resolveTarget = async (
  { name, path }: NamedTarget,
  { access, stage, stack }: Where,
): Promise<ResolvedTarget> => {
  // Loaded when it is needed: most calls name a path, and do without the map.
  const { readStage } = await import('../read-stage.ts')
  const { targets } = readStage(access, stage)
  const target = targets.get(name)
  if (!target) {
    throw new CommandFailure(`Stage ${stage} has no target ${JSON.stringify(name)}.`, {
      remedy:
        targets.size > 0
          ? `Available targets: ${[...targets.keys()].join(', ')}`
          : 'See docs/access-map.md to add one.',
    })
  }
  const { service, region, roleArn, externalId } = target
  const base = stack ? (await stack.targets())[name] : target.url
  if (base === undefined)
    throw new CommandFailure(`The local stack has no target ${name}. Restart it with this access map.`)
  return { url: new URL(base.replace(/\/+$/, '') + path), service, region, roleArn, externalId }
}
