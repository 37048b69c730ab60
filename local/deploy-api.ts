import { z } from 'zod'
import type { Deployments } from './deployments.ts'
import type { WireAnswer } from './http/index.ts'
import { failure, json, parseJson } from './stack-answer.ts'

const order = z.strictObject({
  packageDirectory: z.string(),
  accessMap: z.string(),
  /** The stage that is meant. */
  stage: z.string().optional(),
})

/** Deploys `{"packageDirectory", "accessMap", "stage"?}`; when something is wrong with them, that is the answer. */
export const createDeployApi =
  ({ deploy }: Pick<Deployments, 'deploy'>, service: () => unknown) =>
  async (body: Uint8Array): Promise<WireAnswer> => {
    const { data, success } = order.safeParse(parseJson(body))
    if (!success) {
      return failure(400, 'MALFORMED_ORDER', 'It must be {"packageDirectory", "accessMap", "stage"?} as JSON.')
    }
    const { packageDirectory, accessMap: accessMapPath, stage } = data
    try {
      await deploy({ packageDirectory, accessMapPath, ...(stage !== undefined && { stage }) })
    } catch (error) {
      return failure(409, 'NOT_DEPLOYED', error instanceof Error ? error.message : String(error))
    }
    return json(200, service())
  }
