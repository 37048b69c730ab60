import { isJsonObject } from '../../shared/http/index.ts'
import type { RowForm } from '../../shared/rows/index.ts'

/** In SQL: `invoke(target, request)`; without a request, or with NULL, the target's root. */
export const invokeRow: RowForm = {
  takes: ['target', 'request?'],
  input: ([, target, request]) => {
    if (request === undefined || request === null) return { target }
    // A target within the request is one too many, and anything but an object is none: either is refused with its name.
    return isJsonObject(request) && !('target' in request) ? { ...request, target } : { target, request }
  },
}
