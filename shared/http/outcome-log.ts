import { toServiceError } from '../errors/index.ts'
import type { Layer } from './http-function.ts'

/**
 * One line of JSON for each outcome, on standard output. It names the caller and never holds a header, a query or a body:
 * under IAM the headers carry a live session token.
 */
export const logOutcome = (): Layer => {
  const started = new WeakMap<object, number>()
  const log = (request: Parameters<NonNullable<Layer['after']>>[0]) => {
    const { internal, context, response, error } = request
    const failure = error ? toServiceError(error) : undefined
    console.log(
      JSON.stringify({
        level: failure ? (failure.code === 'UNEXPECTED' ? 'error' : 'warn') : 'info',
        requestId: internal.http?.requestId ?? context.awsRequestId,
        caller: internal.http?.callerArn ?? 'direct invocation',
        method: internal.http?.method,
        path: internal.http?.path,
        status: response?.statusCode,
        error: failure?.code,
        cause: failure?.cause instanceof Error ? failure.cause.stack : undefined,
        milliseconds: Math.round(performance.now() - (started.get(request) ?? performance.now())),
      }),
    )
  }
  return {
    before: (request) => {
      started.set(request, performance.now())
    },
    after: log,
    onError: log,
  }
}
