import { z } from 'zod'
import { createFaultInjection, type FaultInjectionDependencies, findFault, NothingToBreak } from './faults/index.ts'
import type { WireAnswer } from './http/index.ts'
import { failure, json, parseJson } from './stack-answer.ts'

const injection = z.strictObject({
  name: z.string(),
  /** For a client that has the stack run from a copy of the access map. */
  restoreAccessMap: z.boolean().default(false),
})

/** POST injects the fault of `{"name", "restoreAccessMap"?}` into the stack as it is; DELETE withdraws it, with all that followed. */
export const createFaultApi = (dependencies: FaultInjectionDependencies) => {
  const { inject, withdraw } = createFaultInjection(dependencies)
  return {
    post: async (body: Uint8Array): Promise<WireAnswer> => {
      const { data } = injection.safeParse(parseJson(body))
      if (!data) return failure(400, 'MALFORMED_ORDER', 'It must be {"name", "restoreAccessMap"?} as JSON.')
      const { name, restoreAccessMap } = data
      const fault = findFault(name)
      if (!fault) return failure(404, 'NO_SUCH_FAULT', `There is no fault "${name}".`)
      try {
        await inject(fault, { restoreAccessMap })
        return json(200, {})
      } catch (error) {
        if (error instanceof NothingToBreak) return failure(409, 'NOTHING_TO_BREAK', error.message)
        throw error
      }
    },
    delete: async (): Promise<WireAnswer> => {
      await withdraw()
      return json(200, {})
    },
  }
}
