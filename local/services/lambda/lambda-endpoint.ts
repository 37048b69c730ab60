import type { WireRequest, WireResponse } from '../../http.ts'
import type { Principal } from '../../iam/index.ts'
import type { Identifiers } from '../../identifiers.ts'
import { decisionSteps, failedSteps, type Journal } from '../../journal.ts'
import { jsonRejectionResponse, jsonSignatureRejection } from '../../service/rest-json-protocol.ts'
import { type AccessKey, verifySignature } from '../../sigv4/index.ts'
import type { createInvokeApi } from './invoke-api.ts'

interface LambdaEndpointDependencies {
  readonly invokeApi: ReturnType<typeof createInvokeApi>
  readonly region: string
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** Lambda's endpoint: the signature first, then the Invoke API, and the journal at the end. */
export const createLambdaEndpoint =
  ({ invokeApi, region, findKey, identifiers, journal, now }: LambdaEndpointDependencies) =>
  async (request: WireRequest): Promise<WireResponse> => {
    const journalFields = { service: 'lambda', request: `${request.method} ${request.target.split('?')[0]}` }
    const verification = verifySignature(request, { service: 'lambda', region, clockSkewMinutes: 5, now, findKey })
    if (!verification.verified) {
      const requestId = identifiers.uuid()
      const { check, explanation, fix } = verification.rejection
      const rejection = jsonSignatureRejection(verification.rejection)
      const steps = failedSteps(check, explanation)
      journal.record({ ...journalFields, requestId, status: rejection.status, outcome: 'rejected', steps, fix })
      return jsonRejectionResponse(rejection, { 'x-amzn-RequestId': requestId })
    }
    const { answer, decision, explanation } = await invokeApi(request, verification.owner)
    journal.record({
      ...journalFields,
      requestId: String(answer.headers['x-amzn-RequestId'] ?? ''),
      status: answer.status,
      principal: verification.owner.arn,
      outcome: answer.status < 400 ? 'allowed' : 'rejected',
      steps: [
        ...(decision ? decisionSteps(decision) : []),
        ...(answer.status < 400 ? [] : failedSteps('invoke', explanation)),
      ],
      ...(decision && !decision.allowed && { fix: decision.fix }),
    })
    return answer
  }
