import middy, { type MiddlewareObj } from '@middy/core'
import jsonBodyParser from '@middy/http-json-body-parser'
import type { Context } from 'aws-lambda'
import { ServiceError, toServiceError } from '../errors/index.ts'
import { type LambdaAnswer, withinLambdaLimit } from './answer.ts'
import { bodyText } from './body.ts'
import { logOutcome } from './outcome-log.ts'
import { type ProxyEvent, parseProxyEvent } from './proxy-event.ts'
import { isSnowflakeBatch } from './snowflake-batch.ts'

/** What a function does, whoever called it: one JSON input, one JSON value. It refuses by throwing a ServiceError. */
export type Story = (input: unknown) => unknown

/** What the layers know of one request besides its event; `http` is absent for a bare object (console test event, direct invocation). */
export type Known = { http?: ProxyEvent }

export type Layer = MiddlewareObj<unknown, LambdaAnswer, Error, Context, Known>

/**
 * The one stack of every function, outermost layer first. After the `before` layers the event *is* the story's input; the
 * value it returns becomes the answer its caller expects.
 */
export const httpFunction = (story: Story) =>
  middy<unknown, LambdaAnswer, Error, Context, Known>()
    .use(logOutcome()) //        outermost: sees the answer that leaves
    .use(recogniseCaller()) //   proxy event or bare object, before anything reads it
    .use(parseHttpBody()) //     only what came over HTTP has a media type to insist on
    .use(answerCaller()) //      innermost: values and errors are answers before the layers above see them
    .handler((event) => story(event) as never) // answerCaller turns the value into the declared answer

const recogniseCaller = (): Layer => ({
  before: (request) => {
    const http = parseProxyEvent(request.event)
    if (!http) return
    request.internal.http = http
    if (isSnowflakeBatch(http)) throw new ServiceError('ROWS_NOT_SERVED')
  },
})

/** Leaves the input in `request.event`: the JSON body, or the query parameters where nothing was sent. */
const parseHttpBody = (): Layer => {
  const parser = jsonBodyParser()
  return {
    before: async (request) => {
      const { http } = request.internal
      if (!http) return
      if (http.body.length === 0) {
        request.event = http.query
        return
      }
      const parsed = {
        event: { headers: { 'content-type': http.headers.get('content-type') }, body: await bodyText(http) },
      }
      try {
        parser.before?.(parsed as never) // the parser reads these members alone
      } catch (error) {
        const undeclared = error instanceof Error && 'statusCode' in error && error.statusCode === 415
        throw new ServiceError(undeclared ? 'CONTENT_TYPE_NOT_JSON' : 'BODY_NOT_JSON')
      }
      request.event = parsed.event.body
    },
  }
}

const answerCaller = (): Layer => ({
  after: (request) => {
    request.response = withinLambdaLimit(jsonAnswer(request.internal.http, 200, request.response))
  },
  onError: (request) => {
    const { code, status, message } = toServiceError(request.error)
    const { http } = request.internal
    // The id a caller can quote: API Gateway's where there is one, else Lambda's.
    const requestId = http?.requestId ?? request.context.awsRequestId
    request.response = jsonAnswer(http, status, { error: { code, message, requestId } })
  },
})

const jsonAnswer = (http: ProxyEvent | undefined, statusCode: number, value: unknown): LambdaAnswer => ({
  statusCode,
  ...(http && { headers: { 'content-type': 'application/json' } }),
  body: JSON.stringify(value ?? null),
})
