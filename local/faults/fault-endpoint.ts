import { z } from 'zod'
import type { WireResponse } from '../http.ts'
import { errorResponse, jsonResponse, parseJsonBody } from '../stack-api/stack-api-response.ts'
import { FaultNotApplicable } from './fault.ts'
import { createFaultInjection, type FaultInjectionDependencies } from './injection.ts'
import { findFault } from './table.ts'

const injection = z.strictObject({
  name: z.string(),
  /** For a client that has the stack run from a copy of the access map. */
  restoreAccessMap: z.boolean().default(false),
})

/** POST injects the fault of `{"name", "restoreAccessMap"?}` into the stack as it is; DELETE withdraws it, with all that followed. */
export const createFaultEndpoint = (dependencies: FaultInjectionDependencies) => {
  const { inject, withdraw } = createFaultInjection(dependencies)
  return {
    post: async (body: Uint8Array): Promise<WireResponse> => {
      const { data } = injection.safeParse(parseJsonBody(body))
      if (!data)
        return errorResponse(400, 'INVALID_REQUEST', 'The request body must be JSON: {"name", "restoreAccessMap"?}.')
      const { name, restoreAccessMap } = data
      const fault = findFault(name)
      if (!fault) return errorResponse(404, 'NO_SUCH_FAULT', `There is no fault "${name}".`)
      try {
        await inject(fault, { restoreAccessMap })
        return jsonResponse(200, {})
      } catch (error) {
        if (error instanceof FaultNotApplicable) return errorResponse(409, 'FAULT_NOT_APPLICABLE', error.message)
        throw error
      }
    },
    delete: async (): Promise<WireResponse> => {
      await withdraw()
      return jsonResponse(200, {})
    },
  }
}
