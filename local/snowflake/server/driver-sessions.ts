import { createBoundedMap } from '../../bounded-map.ts'
import type { SnowflakeSession } from '../snowflake-engine.ts'
import type { QueryExecution } from './driver-queries.ts'
import { type DriverRejection, rejections } from './driver-rejections.ts'

/** How long tokens live without being used. */
export interface TokenLifetimes {
  readonly sessionSeconds: number
  readonly masterSeconds: number
}

export interface DriverSession {
  readonly id: number
  /** Account and user: who may ask for the results of the session's queries. */
  readonly owner: string
  readonly sqlSession: SnowflakeSession
  readonly masterToken: string
  /** By the id that the driver gave the request. */
  readonly requests: Map<string, QueryExecution>
}

export interface SessionTokens {
  readonly sessionToken: string
  readonly masterToken: string
  readonly sessionId: number
}

interface OpenedSession {
  readonly session: DriverSession
  readonly tokens: SessionTokens
}

interface OpenSessionRequest {
  readonly owner: string
  readonly openSqlSession: (sessionId: number) => SnowflakeSession
  /** Asked with each request. */
  readonly isStillAuthorized: () => boolean
}

interface StoredSession {
  readonly session: DriverSession
  readonly isStillAuthorized: () => boolean
  sessionToken: string
  sessionExpiresAt: number
  masterExpiresAt: number
  isClosed: boolean
}

interface SessionsDependencies {
  readonly lifetimes: TokenLifetimes
  readonly now: () => Date
  readonly newToken: () => string
}

const maxSessions = 1_000

export type Sessions = ReturnType<typeof createSessions>

/** The sessions of all accounts. Closed sessions are kept for a while, so that their tokens are not reported as unknown. */
export const createSessions = ({ lifetimes, now, newToken }: SessionsDependencies) => {
  const bySessionToken = createBoundedMap<StoredSession>(4 * maxSessions)
  const byMasterToken = createBoundedMap<StoredSession>(maxSessions)
  let openedCount = 0

  const isExpired = (end: number) => now().getTime() >= end
  const extend = (stored: StoredSession): void => {
    stored.sessionExpiresAt = now().getTime() + lifetimes.sessionSeconds * 1_000
    stored.masterExpiresAt = now().getTime() + lifetimes.masterSeconds * 1_000
  }
  const issueToken = (stored: StoredSession): SessionTokens => {
    const { id: sessionId, masterToken } = stored.session
    stored.sessionToken = newToken()
    bySessionToken.set(stored.sessionToken, stored)
    extend(stored)
    return { sessionToken: stored.sessionToken, masterToken, sessionId }
  }

  return {
    open: ({ owner, openSqlSession, isStillAuthorized }: OpenSessionRequest): OpenedSession => {
      const id = 1_000_000_000_000 + ++openedCount
      const session: DriverSession = {
        id,
        owner,
        sqlSession: openSqlSession(id),
        masterToken: newToken(),
        requests: new Map(),
      }
      const stored: StoredSession = {
        session,
        isStillAuthorized,
        sessionToken: '',
        sessionExpiresAt: 0,
        masterExpiresAt: 0,
        isClosed: false,
      }
      byMasterToken.set(session.masterToken, stored)
      return { session, tokens: issueToken(stored) }
    },

    /** The session of a session token; being used makes it last. */
    find: (token: string): { readonly session: DriverSession } | { readonly rejection: DriverRejection } => {
      const stored = bySessionToken.get(token)
      if (!stored) return { rejection: rejections.unknownToken }
      if (stored.isClosed || !stored.isStillAuthorized()) return { rejection: rejections.sessionGone }
      if (token !== stored.sessionToken || isExpired(stored.sessionExpiresAt))
        return { rejection: rejections.sessionExpired }
      extend(stored)
      return { session: stored.session }
    },

    /** A new session token; the one before is as expired from now on. */
    renew: (masterToken: string): { readonly tokens: SessionTokens } | { readonly rejection: DriverRejection } => {
      const stored = byMasterToken.get(masterToken)
      if (!stored)
        return { rejection: bySessionToken.get(masterToken) ? rejections.masterInvalid : rejections.masterNotFound }
      if (stored.isClosed || !stored.isStillAuthorized()) return { rejection: rejections.sessionGone }
      if (isExpired(stored.masterExpiresAt)) return { rejection: rejections.masterExpired }
      return { tokens: issueToken(stored) }
    },

    close: (token: string): void => {
      const stored = bySessionToken.get(token)
      if (stored) stored.isClosed = true
    },
  }
}
