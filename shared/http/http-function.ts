import middy, { type MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
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
import { logOutcome } from './outcome-log.ts'
import { type ProxyEvent, parseProxyEvent } from './proxy-event.ts'
import { readBatch, readInput } from './read-body.ts'

/** What a function does, whoever called it: one JSON input, one JSON value. It refuses by throwing a ServiceError. */
export type Story = (input: unknown) => unknown

/**
 * What the layers know of one request besides its event; `http` is absent for a bare object (console test event, direct
 * invocation), `batch` and `rows` for whatever Snowflake's external functions did not send.
 */
export type Known = { http?: ProxyEvent; batch?: BatchHeaders; rows?: RowsAnswer }

export type Layer = MiddlewareObj<unknown, LambdaAnswer, Error, Context, Known>

/** What the `before` layers leave of an event. */
type Asked = { readonly input: unknown } | { readonly batch: BatchHeaders; readonly rows: readonly Row[] }

/**
 * The one stack of every function, outermost layer first. A batch of rows is the same story told for each row; the values
 * become the answer that the caller expects.
 */
export const httpFunction = (story: Story, rowForm: RowForm) =>
  middy<unknown, LambdaAnswer, Error, Context, Known>()
    .use(logOutcome()) //          outermost: sees the answer that leaves
    .use(recogniseCaller()) //     proxy event, batch of rows or bare object, before anything reads it
    .use(readRequest(rowForm)) //  only what came over HTTP has a body to read
    .use(answerCaller()) //        innermost: values and errors are answers before the layers above see them
    .handler((event, context) => {
      const asked = event as Asked // as readRequest left it
      const value =
        'input' in asked
          ? story(asked.input)
          : answerRows(asked.rows, (row) => story(rowForm.input(row)), {
              failsWhole: asked.batch.failsWhole,
              longest: lambdaAnswerLimit,
              remainingMilliseconds: () => context.getRemainingTimeInMillis(),
            })
      return value as never // answerCaller turns it into the declared answer
    })

const recogniseCaller = (): Layer => ({
  before: ({ event, internal }) => {
    const http = parseProxyEvent(event)
    if (!http) return
    internal.http = http
    const batch = parseBatchHeaders(http.headers)
    if (!batch) return
    internal.batch = batch
    // Snowflake polls after a 202 alone, and none was given.
    if (http.method === 'GET') throw new ServiceError('BATCH_UNKNOWN')
  },
})

const readRequest = (rowForm: RowForm): Layer => ({
  before: async (request) => {
    const { http, batch } = request.internal
    const asked: Asked =
      http && batch
        ? { batch, rows: parseRows(await readBatch(http), rowForm) }
        : { input: http ? await readInput(http) : request.event }
    request.event = asked
  },
})

const answerCaller = (): Layer => ({
  after: (request) => {
    const { http, batch } = request.internal
    const value: unknown = request.response // what the handler returned
    if (batch) request.internal.rows = value as RowsAnswer
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
