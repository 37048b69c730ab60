import type { SnowflakeSession } from '../snowflake/index.ts'
import { createKept } from './kept.ts'
import type { Query } from './queries.ts'
import { type Refusal, refusals } from './refusals.ts'

/** How long tokens live without being used. */
export interface Lifetimes {
  readonly sessionSeconds: number
  readonly masterSeconds: number
}

export interface LiveSession {
  readonly id: number
  /** Account and user: who may ask for the results of the session's queries. */
  readonly owner: string
  readonly engine: SnowflakeSession
  readonly masterToken: string
  /** By the id that the driver gave the request. */
  readonly requests: Map<string, Query>
}

export interface Tokens {
  readonly sessionToken: string
  readonly masterToken: string
  readonly sessionId: number
}

interface Opened {
  readonly session: LiveSession
  readonly tokens: Tokens
}

interface Opening {
  readonly owner: string
  readonly openEngine: (sessionId: number) => SnowflakeSession
  /** Asked with each request. */
  readonly mayStay: () => boolean
}

interface Held {
  readonly session: LiveSession
  readonly mayStay: () => boolean
  sessionToken: string
  sessionEnds: number
  masterEnds: number
  isClosed: boolean
}

interface Needs {
  readonly lifetimes: Lifetimes
  readonly now: () => Date
  readonly newToken: () => string
}

const sessionsAtOnce = 1_000

export type Sessions = ReturnType<typeof createSessions>

/** The sessions of all accounts. A closed one is remembered for a while, so that its tokens are told from invented ones. */
export const createSessions = ({ lifetimes, now, newToken }: Needs) => {
  const bySessionToken = createKept<Held>(4 * sessionsAtOnce)
  const byMasterToken = createKept<Held>(sessionsAtOnce)
  let opened = 0

  const isOver = (end: number) => now().getTime() >= end
  const use = (held: Held): void => {
    held.sessionEnds = now().getTime() + lifetimes.sessionSeconds * 1_000
    held.masterEnds = now().getTime() + lifetimes.masterSeconds * 1_000
  }
  const giveToken = (held: Held): Tokens => {
    const { id: sessionId, masterToken } = held.session
    held.sessionToken = newToken()
    bySessionToken.set(held.sessionToken, held)
    use(held)
    return { sessionToken: held.sessionToken, masterToken, sessionId }
  }

  return {
    open: ({ owner, openEngine, mayStay }: Opening): Opened => {
      const id = 1_000_000_000_000 + ++opened
      const session = { id, owner, engine: openEngine(id), masterToken: newToken(), requests: new Map() }
      const held: Held = { session, mayStay, sessionToken: '', sessionEnds: 0, masterEnds: 0, isClosed: false }
      byMasterToken.set(session.masterToken, held)
      return { session, tokens: giveToken(held) }
    },

    /** The session of a session token; being used makes it last. */
    find: (token: string): { readonly session: LiveSession } | { readonly refusal: Refusal } => {
      const held = bySessionToken.get(token)
      if (!held) return { refusal: refusals.unknownToken }
      if (held.isClosed || !held.mayStay()) return { refusal: refusals.sessionGone }
      if (token !== held.sessionToken || isOver(held.sessionEnds)) return { refusal: refusals.sessionExpired }
      use(held)
      return { session: held.session }
    },

    /** A new session token; the one before is as expired from now on. */
    renew: (masterToken: string): { readonly tokens: Tokens } | { readonly refusal: Refusal } => {
      const held = byMasterToken.get(masterToken)
      if (!held) return { refusal: bySessionToken.get(masterToken) ? refusals.masterInvalid : refusals.masterNotFound }
      if (held.isClosed || !held.mayStay()) return { refusal: refusals.sessionGone }
      if (isOver(held.masterEnds)) return { refusal: refusals.masterExpired }
      return { tokens: giveToken(held) }
    },

    close: (token: string): void => {
      const held = bySessionToken.get(token)
      if (held) held.isClosed = true
    },
  }
}
