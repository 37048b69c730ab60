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

/** What a function does, whoever called it: one JSON input, one JSON value. It refuses by throwing a ServiceError. */
export type Story = (input: unknown, circumstances: Circumstances) => unknown

/** What a story may know of the request besides its input. */
export interface Circumstances {
  /** Who signed it; undefined for a direct invocation, and for rows told by another invocation than the one that got them. */
  readonly callerArn: string | undefined
  /** Until nobody hears an answer any more; whole ones, as timers want them. */
  readonly remainingMilliseconds: () => number
  /** For a row of a batch that has an id: the same each time the batch is sent. */
  readonly rowId?: string
}

/**
 * What the layers know of one request besides its event; `http` is absent for a bare object (console test event, direct
 * invocation), `batch` and `rows` for whatever Snowflake's external functions did not send, and `order` for all but the
 * function's own orders to work on a batch.
 */
export type Known = { http?: ProxyEvent; batch?: BatchHeaders; rows?: RowsAnswer; order?: string }

export type Layer = MiddlewareObj<unknown, LambdaAnswer, Error, Context, Known>

/** What the `before` layers leave of an event. */
type Asked =
  | { readonly input: unknown; readonly http: ProxyEvent | undefined }
  | { readonly batch: BatchHeaders; readonly rows: readonly Row[]; readonly http: ProxyEvent }
  | { readonly submitted: AskedBatch; readonly text: string }
  | { readonly polled: AskedBatch }
  | { readonly order: string; readonly known: Known }

/** API Gateway's own limit: nobody hears what comes later. */
const gatewayMilliseconds = 29_000

/** Kept to write the answer of an asynchronous batch to its table. */
const writingMilliseconds = 5_000

/**
 * The one stack of every function, outermost layer first. A batch of rows is the same story told for each row; the values
 * become the answer that the caller expects. With `batches`, those that carry an id may outlast the gateway.
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
      .use(logOutcome()) //                   outermost: sees the answer that leaves
      .use(recogniseCaller(batches)) //       proxy event, batch of rows or bare object, before anything reads it
      .use(readRequest(rowForm, batches)) //  only what came over HTTP has a body to read
      .use(answerCaller()) //                 innermost: values and errors are answers before the layers above see them
      // The event is what readRequest left of it; of the value, answerCaller makes the declared answer.
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
    // Snowflake polls after a 202 alone, and a function that answers at once gave none.
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
  // Judged in either case: what is malformed is not worth a 202.
  const rows = parseRows(parseBatch(text), rowForm)
  return asked ? { submitted: asked, text } : { batch, rows, http }
}

const answerCaller = (): Layer => ({
  after: (request) => {
    const { http, batch, order } = request.internal
    const value: unknown = request.response // what the handler returned
    if ((batch || order !== undefined) && value !== undefined) request.internal.rows = value as RowsAnswer
    // Snowflake does not read it. Whoever ordered work is told nothing: the answer is in the table.
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
    // The id a caller can quote: API Gateway's where there is one, else Lambda's.
    const requestId = http?.requestId ?? request.context.awsRequestId
    request.response = jsonAnswer(http, status, JSON.stringify({ error: { code, message, requestId } }))
  },
})

/** Without `Content-MD5`: API Gateway is not known to pass it on unchanged, and Snowflake would compare it. */
const jsonAnswer = (http: ProxyEvent | undefined, statusCode: number, body: string): LambdaAnswer => ({
  statusCode,
  ...(http && { headers: { 'content-type': 'application/json' } }),
  body,
})
