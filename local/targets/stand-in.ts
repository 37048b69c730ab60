import { close, createWireServer, listen, type WireAnswer, type WireRequest } from '../http/index.ts'
import type { Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type { Journal } from '../journal.ts'
import type { AccessKey } from '../sigv4/index.ts'
import type { Target } from './target.ts'

/** What takes the place of a target's service on this machine. */
export interface StandIn {
  /** In place of the target's own, its path included. */
  readonly url: string
  readonly stop: () => Promise<void>
}

export interface StandInNeeds {
  readonly target: Target
  /** The account the target stands in. */
  readonly accountId: string
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** A port of its own, on loopback and without TLS. */
export const listenFor = async (
  answer: (request: WireRequest) => Promise<WireAnswer>,
  { target, now }: Pick<StandInNeeds, 'target' | 'now'>,
): Promise<StandIn> => {
  const server = createWireServer({ answer, now })
  const url = await listen(server, 0)
  return { url: `${url}${new URL(target.url).pathname.replace(/\/$/, '')}`, stop: () => close(server) }
}
