import { z } from 'zod'
import { type Breaking, breakWorld, findFault, NothingToBreak } from './faults/index.ts'
import type { WireAnswer } from './http/index.ts'
import { failure, json, parseJson } from './stack-answer.ts'

const order = z.strictObject({ name: z.string() })

/** Breaks what `{"name"}` says, in the world as it is. */
export const createFaultApi =
  (breaking: Breaking) =>
  async (body: Uint8Array): Promise<WireAnswer> => {
    const { data } = order.safeParse(parseJson(body))
    if (!data) return failure(400, 'MALFORMED_ORDER', 'It must be {"name"} as JSON.')
    const fault = findFault(data.name)
    if (!fault) return failure(404, 'NO_SUCH_FAULT', `There is no fault "${data.name}".`)
    try {
      await breakWorld(fault, breaking)
      return json(200, {})
    } catch (error) {
      if (error instanceof NothingToBreak) return failure(409, 'NOTHING_TO_BREAK', error.message)
      throw error
    }
  }

/** What lies around the stack is as it should be again; what was deployed or run stays. */
export const endCircumstances = ({ world }: Pick<Breaking, 'world'>): WireAnswer => {
  world.around.become({})
  return json(200, {})
}
