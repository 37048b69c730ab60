import { z } from 'zod'
import type { WireAnswer, WireRequest } from '../http/index.ts'
import { inProgress, type Queries } from './queries.ts'
import { refusals } from './refusals.ts'
import type { LiveSession } from './sessions.ts'
import { failure, parameterOf, readJson, success } from './wire.ts'

const requestsRemembered = 100

/** Binds of several rows have arrays for values. */
const order = z.object({
  sqlText: z.string(),
  asyncExec: z.boolean().default(false),
  describeOnly: z.boolean().nullish(),
  bindings: z
    .record(z.string(), z.object({ type: z.string(), value: z.union([z.string().nullable(), z.array(z.unknown())]) }))
    .nullish(),
})

/** A request that is sent again, as drivers do when no answer came, gets the answer of the first. */
export const answerQuery = async (
  session: LiveSession,
  request: WireRequest,
  queries: Queries,
): Promise<WireAnswer> => {
  const requestId = parameterOf(request, 'requestId')
  const { data, error } = order.safeParse(readJson(request))
  if (requestId === undefined || error) return failure(refusals.badRequest('it is no query with a requestId.'))
  if (data.describeOnly) return failure(refusals.limit('describeOnly'))
  const binds = readBinds(data.bindings)
  if (!binds) return failure(refusals.limit('binds of several rows'))
  const query = session.requests.get(requestId) ?? queries.start(session, { sql: data.sqlText, binds })
  session.requests.set(requestId, query)
  const [oldest] = session.requests.keys()
  if (session.requests.size > requestsRemembered && oldest !== undefined) session.requests.delete(oldest)
  return data.asyncExec ? inProgress(query, '333334') : queries.result(query)
}

/** In the order of their numbers; undefined when one has the values of several rows. */
const readBinds = (bindings: z.output<typeof order>['bindings']) => {
  const binds = Object.entries(bindings ?? {})
    .sort(([left], [right]) => Number(left) - Number(right))
    .flatMap(([, { type, value }]) => (Array.isArray(value) ? [] : [{ type, value }]))
  return binds.length === Object.keys(bindings ?? {}).length ? binds : undefined
}

const abortOrder = z.object({ requestId: z.string() })

export const abortRequest = (session: LiveSession, request: WireRequest): WireAnswer => {
  const { data } = abortOrder.safeParse(readJson(request))
  if (!data) return failure(refusals.badRequest('it names no requestId.'))
  session.requests.get(data.requestId)?.abort()
  return success(null)
}
