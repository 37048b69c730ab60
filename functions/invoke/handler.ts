import { processEnvironment } from '../../shared/aws/lambda-environment.ts'
import { createLambdaHandler, type Handler, isJsonObject } from '../../shared/http/index.ts'
import type { RowMapping } from '../../shared/rows/parse-rows.ts'

/** In SQL: `invoke(target, request)`; without a request, or with NULL, it calls GET /. */
export const invokeRow: RowMapping = {
  parameters: ['target', 'request?'],
  toInput: ([, target, request]) => {
    if (request === undefined || request === null) return { target }
    // parseInvocation rejects a target within the request, and a request that is not an object.
    return isJsonObject(request) && !('target' in request) ? { ...request, target } : { target, request }
  },
}

let handlerPromise: Promise<Handler> | undefined

const loadHandler = async () => (await import('./create-invoke-handler.ts')).createInvokeHandler(processEnvironment())

/** Loaded by the first request: TLS is most of a cold start, and a missing variable becomes an error response. */
const handleRequest: Handler = async (input, context) => {
  handlerPromise ??= loadHandler()
  return (await handlerPromise)(input, context)
}

export const handler = createLambdaHandler(handleRequest, invokeRow)
