import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import { isLoopback } from './send-request.ts'

/** A path of the API as it stands, or a whole URL. */
export const parseTarget = (target: string): string | URL => {
  if (target.startsWith('/')) return target
  if (!/^https?:\/\//i.test(target)) {
    const host = /^(localhost\b|[\w-]+(\.[\w-]+)+)/.exec(target)?.[0]
    throw host !== undefined
      ? usageFailure(`${target} has no scheme.`, `Use ${isLoopback(host) ? 'http' : 'https'}://${target}`)
      : usageFailure(`${target} is neither a path nor a URL.`, `Use /${target}, or a URL with https://`)
  }
  const url = URL.parse(target)
  if (!url) throw usageFailure(`${target} is not a URL.`)
  if (url.username || url.password)
    throw usageFailure('Remove the credentials from the URL; the request is signed with IAM.')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw usageFailure(
      `${url.origin} does not use TLS.`,
      `Use https://${url.host}; http:// is allowed for loopback only.`,
    )
  }
  return url
}

/** @param api base URL of the API with its stage, if it is known */
export const apiUrlFor = (target: string | URL, api: string | undefined): URL => {
  if (target instanceof URL) return target
  if (api !== undefined) return new URL(api.replace(/\/+$/, '') + target)
  throw usageFailure(
    `No API is configured for ${target}.`,
    'Pass --as <identity> for the local stack, set SNOWGATE_API to the base URL with its stage, or use a full URL.',
  )
}

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

interface TargetLookup {
  /** Absolute. */
  readonly access: string
  readonly stage: string
  /** Plays the target; absent: the target itself is called. */
  readonly localStack: LocalStackClient | undefined
}

/** Finds the target in the map. call may use any path: the target decides what it allows. */
export const resolveTarget = async (
  { name, path }: NamedTarget,
  { access, stage, localStack }: TargetLookup,
): Promise<ResolvedTarget> => {
  // Loaded when it is needed: most calls name a path, and do without the map.
  const { readStage } = await import('../read-access-map-stage.ts')
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
  const baseUrl = localStack ? (await localStack.targets())[name] : target.url
  if (baseUrl === undefined)
    throw new CommandFailure(`The local stack has no target ${name}. Restart it with this access map.`)
  return { url: new URL(baseUrl.replace(/\/+$/, '') + path), service, region, roleArn, externalId }
}
