import type { MiddlewareObj } from '@middy/core'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import type { Batches, BatchRequest } from '../batches/index.ts'
import { ServiceError, toServiceError } from '../errors/service-error.ts'
import { type BatchHeaders, parseBatchHeaders } from '../rows/batch-headers.ts'
import { parseRows, type Row, type RowMapping } from '../rows/parse-rows.ts'
import { processRows, type RowsResult } from '../rows/process-rows.ts'
import { checkResponseSize, type LambdaResponse, lambdaResponseLimit } from './lambda-response.ts'
import { type ProxyEvent, parseProxyEvent } from './proxy-event.ts'
import { decompressBody, parseBatchBody, parseInputBody } from './request-body.ts'
import { logRequest } from './request-log.ts'

/** Handles one JSON input and returns one JSON value, for every kind of event. Throws a ServiceError to reject the input. */
export type Handler = (input: unknown, context: RequestContext) => unknown

/** The context of a request, besides its input. */
export interface RequestContext {
  /** The signer; undefined for a direct invocation, and for rows that an asynchronous worker processes. */
  readonly callerArn: string | undefined
  /** The time until the response is useless, in whole milliseconds. */
  readonly remainingMilliseconds: () => number
  /** For a row of a batch with an id: the same each time the batch is sent. */
  readonly rowId?: string
}

/**
 * Middleware state of one request. `http` is absent for a bare object (console test event, direct invocation), `batch` and
 * `rows` for requests that are not from Snowflake external functions, and `batchKey` for events other than work events.
 */
export type MiddlewareState = { http?: ProxyEvent; batch?: BatchHeaders; rows?: RowsResult; batchKey?: string }

export type Middleware = MiddlewareObj<unknown, LambdaResponse, Error, Context, MiddlewareState>

/** The event after the `before` middleware. */
type ParsedEvent =
  | { readonly kind: 'input'; readonly input: unknown; readonly http: ProxyEvent | undefined }
  | { readonly kind: 'rows'; readonly batch: BatchHeaders; readonly rows: readonly Row[]; readonly http: ProxyEvent }
  | { readonly kind: 'submit'; readonly batch: BatchRequest; readonly text: string }
  | { readonly kind: 'poll'; readonly batch: BatchRequest }
  | { readonly kind: 'work'; readonly batchKey: string; readonly state: MiddlewareState }

/** API Gateway's integration timeout. */
const apiGatewayTimeoutMs = 29_000

/** Reserved for writing the result of an asynchronous batch to its table. */
const stateWriteReserveMs = 5_000

/**
 * The middleware stack of every function, outermost first. The handler runs once for each row of a batch; the values become
 * the response that the caller expects. With `batches`, batches with an id may take longer than API Gateway's timeout.
 */
export const createLambdaHandler = (handle: Handler, rowMapping: RowMapping, batches?: Batches) => {
  const processBatch = (
    rows: readonly Row[],
    { failsOnRowError, batchId }: BatchHeaders,
    { callerArn, remainingMilliseconds }: RequestContext,
  ) => {
    const rowContext = (row: Row) =>
      batchId === undefined
        ? { callerArn, remainingMilliseconds }
        : { callerArn, remainingMilliseconds, rowId: `${batchId}:${row[0]}` }
    const processRow = (row: Row) => handle(rowMapping.toInput(row), rowContext(row))
    return processRows(rows, processRow, {
      failsOnRowError,
      maxLength: lambdaResponseLimit,
      remainingMilliseconds,
    })
  }

  const dispatch = (parsed: ParsedEvent, context: Context): unknown => {
    const startedAt = performance.now()
    const remaining = () => context.getRemainingTimeInMillis()
    const remainingBehindGateway = () =>
      Math.floor(Math.min(remaining(), startedAt + apiGatewayTimeoutMs - performance.now()))
    switch (parsed.kind) {
      case 'input':
        return handle(parsed.input, {
          callerArn: parsed.http?.callerArn,
          remainingMilliseconds: parsed.http ? remainingBehindGateway : remaining,
        })
      case 'rows':
        return processBatch(parsed.rows, parsed.batch, {
          callerArn: parsed.http.callerArn,
          remainingMilliseconds: remainingBehindGateway,
        })
      case 'submit':
        return batches?.submit(parsed.batch, parsed.text)
      case 'poll':
        return batches?.poll(parsed.batch)
      case 'work':
        return batches?.work(parsed.batchKey, ({ text, batch, stopped }) => {
          parsed.state.batch = batch
          const remainingBeforeWrite = () => (stopped() ? 0 : remaining() - stateWriteReserveMs)
          return processBatch(parseRows(parseBatchBody(text), rowMapping), batch, {
            callerArn: undefined,
            remainingMilliseconds: remainingBeforeWrite,
          })
        })
    }
  }

  return (
    middy<unknown, LambdaResponse, Error, Context, MiddlewareState>()
      .use(logRequest()) //                   outermost: sees the final response
      .use(detectEventKind(batches)) //       proxy event, batch of rows or bare object, before anything parses it
      .use(parseRequest(rowMapping, batches)) //  only HTTP requests have a body
      .use(writeResponse()) //                 innermost: the middleware above sees responses instead of values and errors
      // parseRequest replaces the event; writeResponse turns the value into the declared response.
      .handler((event, context) => dispatch(event as ParsedEvent, context) as never)
  )
}

const detectEventKind = (batches: Batches | undefined): Middleware => ({
  before: ({ event, internal }) => {
    const http = parseProxyEvent(event)
    if (!http) {
      const batchKey = batches?.workKeyIn(event)
      if (batchKey !== undefined) internal.batchKey = batchKey
      return
    }
    internal.http = http
    const batch = parseBatchHeaders(http.headers)
    if (!batch) return
    internal.batch = batch
    // Snowflake polls only after a 202, which a synchronous function never returns.
    if (http.method === 'GET' && (!batches || batch.batchId === undefined)) throw new ServiceError('BATCH_UNKNOWN')
  },
})

const parseRequest = (rowMapping: RowMapping, batches: Batches | undefined): Middleware => ({
  before: async (request) => {
    request.event = await toParsedEvent(request.event, request.internal, rowMapping, batches)
  },
})

const toParsedEvent = async (
  event: unknown,
  state: MiddlewareState,
  rowMapping: RowMapping,
  batches: Batches | undefined,
): Promise<ParsedEvent> => {
  const { http, batch, batchKey } = state
  if (batchKey !== undefined) return { kind: 'work', batchKey, state }
  if (!http || !batch) return { kind: 'input', input: http ? await parseInputBody(http) : event, http }
  const { batchId } = batch
  const batchRequest = batches && batchId !== undefined ? { ...batch, batchId, callerArn: http.callerArn } : undefined
  if (batchRequest && http.method === 'GET') return { kind: 'poll', batch: batchRequest }
  const text = await decompressBody(http)
  // Validated in either case: malformed rows must not get a 202.
  const rows = parseRows(parseBatchBody(text), rowMapping)
  return batchRequest ? { kind: 'submit', batch: batchRequest, text } : { kind: 'rows', batch, rows, http }
}

const writeResponse = (): Middleware => ({
  after: (request) => {
    const { http, batch, batchKey } = request.internal
    const value: unknown = request.response // the handler's value
    if ((batch || batchKey !== undefined) && value !== undefined) request.internal.rows = value as RowsResult
    // Snowflake ignores the body of a 202. A work event gets no result: the result is in the table.
    if (batchKey !== undefined || (batch && value === undefined)) {
      request.response = jsonResponse(http, 202, '{}')
      return
    }
    const text = request.internal.rows?.text ?? JSON.stringify(value ?? null)
    request.response = checkResponseSize(jsonResponse(http, 200, text))
  },
  onError: (request) => {
    const { code, status, message } = toServiceError(request.error)
    const { http } = request.internal
    // The request id for support: API Gateway's if present, otherwise Lambda's.
    const requestId = http?.requestId ?? request.context.awsRequestId
    request.response = jsonResponse(http, status, JSON.stringify({ error: { code, message, requestId } }))
  },
})

/** Without `Content-MD5`: API Gateway may not pass it unchanged, and Snowflake would verify it. */
const jsonResponse = (http: ProxyEvent | undefined, statusCode: number, body: string): LambdaResponse => ({
  statusCode,
  ...(http && { headers: { 'content-type': 'application/json' } }),
  body,
})
