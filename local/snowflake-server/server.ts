import { z } from 'zod'
import type { WireAnswer, WireRequest } from '../http/index.ts'
import type { Sleep } from '../snowflake/index.ts'
import { createLogin, type LoginNeeds } from './login.ts'
import { paths } from './paths.ts'
import { createQueries } from './queries.ts'
import { abortRequest, answerQuery } from './query-request.ts'
import { refusals } from './refusals.ts'
import { createSessions, type Lifetimes, type LiveSession } from './sessions.ts'
import { failure, parameterOf, readJson, success, tokenOf } from './wire.ts'

export interface SnowflakeServerOptions extends Omit<LoginNeeds, 'sessions' | 'lifetimes'> {
  readonly newToken: () => string
  /** Rejects or returns early when the signal is aborted. */
  readonly sleep: Sleep
  /** Snowflake's: an hour and four. */
  readonly lifetimes?: Lifetimes
  /** How long a request waits for a result before the driver is told to ask again. Snowflake's: 45. */
  readonly holdSeconds?: number
}

type Answer = WireAnswer | Promise<WireAnswer>

interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  readonly answer: (request: WireRequest, id: string) => Answer
}

const renewal = z.object({ requestType: z.literal('RENEW') })

/** The protocol that Snowflake's drivers speak, before the accounts of the local Snowflake. */
export const createSnowflakeServer = (options: SnowflakeServerOptions) => {
  const { newId, newToken, now, sleep, holdSeconds = 45 } = options
  const lifetimes = options.lifetimes ?? { sessionSeconds: 3_600, masterSeconds: 14_400 }
  const sessions = createSessions({ lifetimes, now, newToken })
  const queries = createQueries({ newId, sleep, holdSeconds, now })

  const renew = (request: WireRequest): WireAnswer => {
    if (!renewal.safeParse(readJson(request)).success) return failure(refusals.badRequest('requestType is not RENEW.'))
    const renewed = sessions.renew(tokenOf(request))
    if ('refusal' in renewed) return failure(renewed.refusal)
    return success({
      ...renewed.tokens,
      validityInSecondsST: lifetimes.sessionSeconds,
      validityInSecondsMT: lifetimes.masterSeconds,
    })
  }

  /** Asks for a session, and refuses those who bring none. */
  const inSession =
    (answer: (session: LiveSession, request: WireRequest, id: string) => Answer): Route['answer'] =>
    (request, id) => {
      const found = sessions.find(tokenOf(request))
      return 'refusal' in found ? failure(found.refusal) : answer(found.session, request, id)
    }

  const endSession = (_: LiveSession, request: WireRequest): WireAnswer => {
    if (parameterOf(request, 'delete') === 'true') sessions.close(tokenOf(request))
    return success(null)
  }
  const result = (session: LiveSession, _: WireRequest, id: string): Answer => {
    const query = queries.find(id, session)
    return query ? queries.result(query) : failure(refusals.badRequest('there is no such query.'))
  }
  const abortQuery = (session: LiveSession, _: WireRequest, id: string): WireAnswer => {
    queries.find(id, session)?.abort()
    return success(null)
  }
  const monitor = (session: LiveSession, _: WireRequest, id: string): WireAnswer => {
    const query = queries.find(id, session)
    if (!query) return success({ queries: [] })
    const { status, message: errorMessage } = query.status()
    return success({ queries: [{ id, status, errorMessage }] })
  }
  const telemetry = () => success({ code: null, data: 'Log Received', message: null })

  const routes: readonly Route[] = [
    { method: 'POST', path: paths.login, answer: createLogin({ ...options, sessions, lifetimes }) },
    { method: 'POST', path: paths.renewal, answer: renew },
    { method: 'POST', path: paths.heartbeat, answer: inSession(() => success(null)) },
    { method: 'POST', path: paths.session, answer: inSession(endSession) },
    { method: 'POST', path: paths.query, answer: inSession((...asked) => answerQuery(asked[0], asked[1], queries)) },
    { method: 'POST', path: paths.abort, answer: inSession(abortRequest) },
    { method: 'GET', path: paths.result, answer: inSession(result) },
    { method: 'POST', path: paths.abortOfQuery, answer: inSession(abortQuery) },
    { method: 'GET', path: paths.monitoring, answer: inSession(monitor) },
    { method: 'POST', path: paths.telemetry, answer: telemetry },
  ]

  return async (request: WireRequest): Promise<WireAnswer> => {
    const path = request.target.split('?')[0] ?? ''
    const route = routes.find((one) => one.method === request.method && one.path.test(path))
    if (!route) return failure(refusals.badRequest('the local Snowflake has no such path.'), null, 404)
    return route.answer(request, route.path.exec(path)?.[1] ?? '')
  }
}
