import { z } from 'zod'
import type { WireResponse } from '../http.ts'
import { errorResponse, jsonResponse, parseJsonBody } from '../stack-api/stack-api-response.ts'
import type { Deployments } from './replace-deployment.ts'

const requestBody = z.strictObject({
  packageDirectory: z.string(),
  accessMap: z.string(),
  /** The stage that is meant. */
  stage: z.string().optional(),
})

/** Deploys `{"packageDirectory", "accessMap", "stage"?}`; when something is wrong with them, that is the answer. */
export const createRedeployEndpoint =
  ({ deploy }: Pick<Deployments, 'deploy'>, describeService: () => unknown) =>
  async (body: Uint8Array): Promise<WireResponse> => {
    const { data, success } = requestBody.safeParse(parseJsonBody(body))
    if (!success) {
      return errorResponse(
        400,
        'INVALID_REQUEST',
        'The request body must be JSON: {"packageDirectory", "accessMap", "stage"?}.',
      )
    }
    const { packageDirectory, accessMap: accessMapPath, stage } = data
    try {
      await deploy({ packageDirectory, accessMapPath, ...(stage !== undefined && { stage }) })
    } catch (error) {
      return errorResponse(409, 'NOT_DEPLOYED', error instanceof Error ? error.message : String(error))
    }
    return jsonResponse(200, describeService())
  }
