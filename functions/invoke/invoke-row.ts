import { isJsonObject } from '../../shared/http/index.ts'
import type { RowForm } from '../../shared/rows/index.ts'

/** In SQL: `invoke(target, request)`; without a request, or with NULL, it calls GET /. */
export const invokeRow: RowForm = {
  takes: ['target', 'request?'],
  input: ([, target, request]) => {
    if (request === undefined || request === null) return { target }
    // parseInvocation rejects a target within the request, and a request that is not an object.
    return isJsonObject(request) && !('target' in request) ? { ...request, target } : { target, request }
  },
}
