import { toServiceError } from '../errors/service-error.ts'
import type { Middleware } from './create-lambda-handler.ts'

/**
 * One JSON line for each request or batch of rows, on standard output. It names the caller and never contains a
 * header, a query or a body: with IAM, the headers contain a valid session token.
 */
export const logRequest = (): Middleware => {
  const started = new WeakMap<object, number>()
  const writeLine = (request: Parameters<NonNullable<Middleware['after']>>[0]) => {
    const { internal, context, response, error } = request
    const failure = error ? toServiceError(error) : undefined
    const { batch, rows } = internal
    const rowErrors = [...(rows?.failures ?? [])]
    const errorCodes = failure ? [failure.code] : rowErrors.map(([code]) => code)
    // For rows: the first cause, with unexpected errors first.
    const rowCauses = [rows?.failures.get('UNEXPECTED'), ...(rows?.failures.values() ?? [])].map(
      (one) => one?.first.cause,
    )
    const cause = failure ? failure.cause : rowCauses.find((cause) => cause !== undefined)
    console.log(
      JSON.stringify({
        level: errorCodes.includes('UNEXPECTED') ? 'error' : errorCodes.length > 0 ? 'warn' : 'info',
        requestId: internal.http?.requestId ?? context.awsRequestId,
        caller:
          internal.http?.callerArn ??
          (internal.batchKey === undefined ? 'direct invocation' : 'asynchronous batch worker'),
        method: internal.http?.method,
        path: internal.http?.path,
        status: response?.statusCode,
        batch: batch?.batchId,
        query: batch?.queryId,
        rows: rows?.rows,
        rowErrors:
          rowErrors.length > 0 ? Object.fromEntries(rowErrors.map(([code, { rows }]) => [code, rows])) : undefined,
        error: failure?.code,
        cause: cause instanceof Error ? cause.stack : undefined,
        milliseconds: Math.round(performance.now() - (started.get(request) ?? performance.now())),
      }),
    )
  }
  return {
    before: (request) => {
      started.set(request, performance.now())
    },
    after: writeLine,
    onError: writeLine,
  }
}
