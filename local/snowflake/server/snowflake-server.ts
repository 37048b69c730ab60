import { z } from 'zod'
import type { WireRequest, WireResponse } from '../../http.ts'
import type { Sleep } from '../caller/index.ts'
import { failure, parameterOf, paths, readJson, success, tokenOf } from './driver-protocol.ts'
import { createQueries } from './driver-queries.ts'
import { rejections } from './driver-rejections.ts'
import { createSessions, type DriverSession, type TokenLifetimes } from './driver-sessions.ts'
import { createLogin, type LoginDependencies } from './login.ts'
import { abortRequest, answerQuery } from './query-request.ts'

export interface SnowflakeServerOptions extends Omit<LoginDependencies, 'sessions' | 'lifetimes'> {
  readonly newToken: () => string
  /** Rejects or returns early when the signal is aborted. */
  readonly sleep: Sleep
  /** Snowflake's: an hour and four. */
  readonly lifetimes?: TokenLifetimes
  /** How long a request waits for a result before the driver has to poll. Snowflake's: 45. */
  readonly longPollSeconds?: number
}

type Answer = WireResponse | Promise<WireResponse>

interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  readonly answer: (request: WireRequest, id: string) => Answer
}

const renewalBody = z.object({ requestType: z.literal('RENEW') })

/** The protocol that Snowflake's drivers speak, before the accounts of the local Snowflake. */
export const createSnowflakeServer = (options: SnowflakeServerOptions) => {
  const { newId, newToken, now, sleep, longPollSeconds = 45 } = options
  const lifetimes = options.lifetimes ?? { sessionSeconds: 3_600, masterSeconds: 14_400 }
  const sessions = createSessions({ lifetimes, now, newToken })
  const queries = createQueries({ newId, sleep, longPollSeconds, now })

  const renew = (request: WireRequest): WireResponse => {
    if (!renewalBody.safeParse(readJson(request)).success)
      return failure(rejections.badRequest('requestType is not RENEW.'))
    const renewed = sessions.renew(tokenOf(request))
    if ('rejection' in renewed) return failure(renewed.rejection)
    return success({
      ...renewed.tokens,
      validityInSecondsST: lifetimes.sessionSeconds,
      validityInSecondsMT: lifetimes.masterSeconds,
    })
  }

  /** Asks for a session, and refuses those who bring none. */
  const withSession =
    (answer: (session: DriverSession, request: WireRequest, id: string) => Answer): Route['answer'] =>
    (request, id) => {
      const found = sessions.find(tokenOf(request))
      return 'rejection' in found ? failure(found.rejection) : answer(found.session, request, id)
    }

  const endSession = (_: DriverSession, request: WireRequest): WireResponse => {
    if (parameterOf(request, 'delete') === 'true') sessions.close(tokenOf(request))
    return success(null)
  }
  const result = (session: DriverSession, _: WireRequest, id: string): Answer => {
    const query = queries.find(id, session)
    return query ? queries.result(query) : failure(rejections.badRequest('there is no such query.'))
  }
  const abortQuery = (session: DriverSession, _: WireRequest, id: string): WireResponse => {
    queries.find(id, session)?.abort()
    return success(null)
  }
  const monitor = (session: DriverSession, _: WireRequest, id: string): WireResponse => {
    const query = queries.find(id, session)
    if (!query) return success({ queries: [] })
    const { status, message: errorMessage } = query.status()
    return success({ queries: [{ id, status, errorMessage }] })
  }
  const telemetry = () => success({ code: null, data: 'Log Received', message: null })

  const routes: readonly Route[] = [
    { method: 'POST', path: paths.login, answer: createLogin({ ...options, sessions, lifetimes }) },
    { method: 'POST', path: paths.renewal, answer: renew },
    { method: 'POST', path: paths.heartbeat, answer: withSession(() => success(null)) },
    { method: 'POST', path: paths.session, answer: withSession(endSession) },
    { method: 'POST', path: paths.query, answer: withSession((...args) => answerQuery(args[0], args[1], queries)) },
    { method: 'POST', path: paths.abort, answer: withSession(abortRequest) },
    { method: 'GET', path: paths.result, answer: withSession(result) },
    { method: 'POST', path: paths.abortOfQuery, answer: withSession(abortQuery) },
    { method: 'GET', path: paths.monitoring, answer: withSession(monitor) },
    { method: 'POST', path: paths.telemetry, answer: telemetry },
  ]

  return async (request: WireRequest): Promise<WireResponse> => {
    const path = request.target.split('?')[0] ?? ''
    const route = routes.find((one) => one.method === request.method && one.path.test(path))
    if (!route) return failure(rejections.badRequest('the local Snowflake has no such path.'), null, 404)
    return route.answer(request, route.path.exec(path)?.[1] ?? '')
  }
}
