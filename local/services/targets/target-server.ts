import { close, createWireServer, listen, type WireRequest, type WireResponse } from '../../http.ts'
import type { Principal } from '../../iam/index.ts'
import type { Identifiers } from '../../identifiers.ts'
import type { Journal } from '../../journal.ts'
import type { AccessKey } from '../../sigv4/index.ts'
import type { NamedTarget } from './access-map-target.ts'

/** A local server for a target. */
export interface TargetServer {
  /** Replaces the target's URL, including its path. */
  readonly url: string
  readonly stop: () => Promise<void>
}

export interface TargetServerDependencies {
  readonly target: NamedTarget
  /** The account the target stands in. */
  readonly accountId: string
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** A port of its own, on loopback and without TLS. */
export const listenForTarget = async (
  answer: (request: WireRequest) => Promise<WireResponse>,
  { target, now }: Pick<TargetServerDependencies, 'target' | 'now'>,
): Promise<TargetServer> => {
  const server = createWireServer({ answer, now })
  const url = await listen(server, 0)
  return { url: `${url}${new URL(target.url).pathname.replace(/\/$/, '')}`, stop: () => close(server) }
}
