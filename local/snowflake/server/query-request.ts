import { z } from 'zod'
import type { WireRequest, WireResponse } from '../../http.ts'
import { failure, parameterOf, readJson, success } from './driver-protocol.ts'
import { inProgress, type Queries } from './driver-queries.ts'
import { rejections } from './driver-rejections.ts'
import type { DriverSession } from './driver-sessions.ts'

const maxRequests = 100

/** Binds of several rows have arrays for values. */
const queryBody = z.object({
  sqlText: z.string(),
  asyncExec: z.boolean().default(false),
  describeOnly: z.boolean().nullish(),
  bindings: z
    .record(z.string(), z.object({ type: z.string(), value: z.union([z.string().nullable(), z.array(z.unknown())]) }))
    .nullish(),
})

/** A request that is sent again, as drivers do when no answer came, gets the answer of the first. */
export const answerQuery = async (
  session: DriverSession,
  request: WireRequest,
  queries: Queries,
): Promise<WireResponse> => {
  const requestId = parameterOf(request, 'requestId')
  const { data, error } = queryBody.safeParse(readJson(request))
  if (requestId === undefined || error)
    return failure(rejections.badRequest('the body is not a query with a requestId.'))
  if (data.describeOnly) return failure(rejections.unsupported('describeOnly'))
  const binds = readBinds(data.bindings)
  if (!binds) return failure(rejections.unsupported('binds of several rows'))
  const query = session.requests.get(requestId) ?? queries.start(session, { sql: data.sqlText, binds })
  session.requests.set(requestId, query)
  const [oldest] = session.requests.keys()
  if (session.requests.size > maxRequests && oldest !== undefined) session.requests.delete(oldest)
  return data.asyncExec ? inProgress(query, '333334') : queries.result(query)
}

/** In the order of their numbers; undefined when one has the values of several rows. */
const readBinds = (bindings: z.output<typeof queryBody>['bindings']) => {
  const binds = Object.entries(bindings ?? {})
    .sort(([left], [right]) => Number(left) - Number(right))
    .flatMap(([, { type, value }]) => (Array.isArray(value) ? [] : [{ type, value }]))
  return binds.length === Object.keys(bindings ?? {}).length ? binds : undefined
}

const abortBody = z.object({ requestId: z.string() })

export const abortRequest = (session: DriverSession, request: WireRequest): WireResponse => {
  const { data } = abortBody.safeParse(readJson(request))
  if (!data) return failure(rejections.badRequest('it names no requestId.'))
  session.requests.get(data.requestId)?.abort()
  return success(null)
}
