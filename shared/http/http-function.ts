import middy, { type MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
import type { AskedBatch, Batches } from '../batches/index.ts'
import { ServiceError, toServiceError } from '../errors/index.ts'
import {
  answerRows,
  type BatchHeaders,
  parseBatchHeaders,
  parseRows,
  type Row,
  type RowForm,
  type RowsAnswer,
} from '../rows/index.ts'
import { type LambdaAnswer, lambdaAnswerLimit, withinLambdaLimit } from './answer.ts'
import { bodyText } from './body.ts'
import { logOutcome } from './outcome-log.ts'
import { type ProxyEvent, parseProxyEvent } from './proxy-event.ts'
import { parseBatch, readInput } from './read-body.ts'

/** Handles one JSON input and returns one JSON value, for every kind of event. Throws a ServiceError to reject the input. */
export type Story = (input: unknown, circumstances: Circumstances) => unknown

/** What a handler knows about the request besides the input. */
export interface Circumstances {
  /** The signer; undefined for a direct invocation, and for rows that an asynchronous worker processes. */
  readonly callerArn: string | undefined
  /** The time until the response is useless, in whole milliseconds. */
  readonly remainingMilliseconds: () => number
  /** For a row of a batch with an id: the same each time the batch is sent. */
  readonly rowId?: string
}

/**
 * Middleware state of one request. `http` is absent for a bare object (console test event, direct invocation), `batch` and
 * `rows` for requests that are not from Snowflake external functions, and `order` for events other than work events.
 */
export type Known = { http?: ProxyEvent; batch?: BatchHeaders; rows?: RowsAnswer; order?: string }

export type Layer = MiddlewareObj<unknown, LambdaAnswer, Error, Context, Known>

/** The event after the `before` middleware. */
type Asked =
  | { readonly input: unknown; readonly http: ProxyEvent | undefined }
  | { readonly batch: BatchHeaders; readonly rows: readonly Row[]; readonly http: ProxyEvent }
  | { readonly submitted: AskedBatch; readonly text: string }
  | { readonly polled: AskedBatch }
  | { readonly order: string; readonly known: Known }

/** API Gateway's integration timeout. */
const gatewayMilliseconds = 29_000

/** Reserved for writing the result of an asynchronous batch to its table. */
const writingMilliseconds = 5_000

/**
 * The middleware stack of every function, outermost first. The handler runs once for each row of a batch; the values become
 * the response that the caller expects. With `batches`, batches with an id may take longer than API Gateway's timeout.
 */
export const httpFunction = (story: Story, rowForm: RowForm, batches?: Batches) => {
  const tell = (
    rows: readonly Row[],
    { failsWhole, batchId }: BatchHeaders,
    { callerArn, remainingMilliseconds }: Circumstances,
  ) => {
    const circumstances = (row: Row) =>
      batchId === undefined
        ? { callerArn, remainingMilliseconds }
        : { callerArn, remainingMilliseconds, rowId: `${batchId}:${row[0]}` }
    const tellRow = (row: Row) => story(rowForm.input(row), circumstances(row))
    return answerRows(rows, tellRow, { failsWhole, longest: lambdaAnswerLimit, remainingMilliseconds })
  }

  const carryOut = (asked: Asked, context: Context): unknown => {
    const began = performance.now()
    const remaining = () => context.getRemainingTimeInMillis()
    const heard = () => Math.floor(Math.min(remaining(), began + gatewayMilliseconds - performance.now()))
    if ('input' in asked) {
      const { input, http } = asked
      return story(input, { callerArn: http?.callerArn, remainingMilliseconds: http ? heard : remaining })
    }
    if ('rows' in asked) {
      return tell(asked.rows, asked.batch, { callerArn: asked.http.callerArn, remainingMilliseconds: heard })
    }
    if ('polled' in asked) return batches?.poll(asked.polled)
    if ('submitted' in asked) return batches?.submit(asked.submitted, asked.text)
    return batches?.work(asked.order, ({ text, batch, stopped }) => {
      asked.known.batch = batch
      const inTime = () => (stopped() ? 0 : remaining() - writingMilliseconds)
      return tell(parseRows(parseBatch(text), rowForm), batch, { callerArn: undefined, remainingMilliseconds: inTime })
    })
  }

  return (
    middy<unknown, LambdaAnswer, Error, Context, Known>()
      .use(logOutcome()) //                   outermost: sees the final response
      .use(recogniseCaller(batches)) //       proxy event, batch of rows or bare object, before anything parses it
      .use(readRequest(rowForm, batches)) //  only HTTP requests have a body
      .use(answerCaller()) //                 innermost: the middleware above sees responses instead of values and errors
      // readRequest replaces the event; answerCaller turns the value into the declared response.
      .handler((event, context) => carryOut(event as Asked, context) as never)
  )
}

const recogniseCaller = (batches: Batches | undefined): Layer => ({
  before: ({ event, internal }) => {
    const http = parseProxyEvent(event)
    if (!http) {
      const order = batches?.orderIn(event)
      if (order !== undefined) internal.order = order
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

const readRequest = (rowForm: RowForm, batches: Batches | undefined): Layer => ({
  before: async (request) => {
    request.event = await askedIn(request.event, request.internal, rowForm, batches)
  },
})

const askedIn = async (
  event: unknown,
  known: Known,
  rowForm: RowForm,
  batches: Batches | undefined,
): Promise<Asked> => {
  const { http, batch, order } = known
  if (order !== undefined) return { order, known }
  if (!http || !batch) return { input: http ? await readInput(http) : event, http }
  const { batchId } = batch
  const asked = batches && batchId !== undefined ? { ...batch, batchId, callerArn: http.callerArn } : undefined
  if (asked && http.method === 'GET') return { polled: asked }
  const text = await bodyText(http)
  // Validated in either case: malformed rows must not get a 202.
  const rows = parseRows(parseBatch(text), rowForm)
  return asked ? { submitted: asked, text } : { batch, rows, http }
}

const answerCaller = (): Layer => ({
  after: (request) => {
    const { http, batch, order } = request.internal
    const value: unknown = request.response // the handler's value
    if ((batch || order !== undefined) && value !== undefined) request.internal.rows = value as RowsAnswer
    // Snowflake ignores the body of a 202. A work event gets no result: the result is in the table.
    if (order !== undefined || (batch && value === undefined)) {
      request.response = jsonAnswer(http, 202, '{}')
      return
    }
    const text = request.internal.rows?.text ?? JSON.stringify(value ?? null)
    request.response = withinLambdaLimit(jsonAnswer(http, 200, text))
  },
  onError: (request) => {
    const { code, status, message } = toServiceError(request.error)
    const { http } = request.internal
    // The request id for support: API Gateway's if present, otherwise Lambda's.
    const requestId = http?.requestId ?? request.context.awsRequestId
    request.response = jsonAnswer(http, status, JSON.stringify({ error: { code, message, requestId } }))
  },
})

/** Without `Content-MD5`: API Gateway may not pass it unchanged, and Snowflake would verify it. */
const jsonAnswer = (http: ProxyEvent | undefined, statusCode: number, body: string): LambdaAnswer => ({
  statusCode,
  ...(http && { headers: { 'content-type': 'application/json' } }),
  body,
})
