import type { WireAnswer, WireRequest } from './http/index.ts'
import type { Principal } from './iam/index.ts'
import type { Identifiers } from './identifiers.ts'
import { decisionSteps, failedSteps, type Journal } from './journal.ts'
import { refusalAnswer, signatureRefusal } from './json-refusals.ts'
import type { createInvokeApi } from './lambda/index.ts'
import { type AccessKey, verify } from './sigv4/index.ts'

interface Needs {
  readonly invokeApi: ReturnType<typeof createInvokeApi>
  readonly region: string
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** Lambda's endpoint: the signature first, then the Invoke API, and the journal at the end. */
export const createLambdaFront =
  ({ invokeApi, region, findKey, identifiers, journal, now }: Needs) =>
  async (request: WireRequest): Promise<WireAnswer> => {
    const record = { service: 'lambda', request: `${request.method} ${request.target.split('?')[0]}` }
    const verdict = verify(request, { service: 'lambda', region, clockSkewMinutes: 5, now, findKey })
    if (!verdict.verified) {
      const requestId = identifiers.uuid()
      const { check, explanation, remedy } = verdict.refusal
      const refusal = signatureRefusal(verdict.refusal)
      const steps = failedSteps(check, explanation)
      journal.record({ ...record, requestId, status: refusal.status, outcome: 'refused', steps, remedy })
      return refusalAnswer(refusal, { 'x-amzn-RequestId': requestId })
    }
    const { answer, decision, explanation } = await invokeApi(request, verdict.owner)
    journal.record({
      ...record,
      requestId: String(answer.headers['x-amzn-RequestId'] ?? ''),
      status: answer.status,
      principal: verdict.owner.arn,
      outcome: answer.status < 400 ? 'let in' : 'refused',
      steps: [
        ...(decision ? decisionSteps(decision) : []),
        ...(answer.status < 400 ? [] : failedSteps('invoke', explanation)),
      ],
      ...(decision && !decision.allowed && { remedy: decision.remedy }),
    })
    return answer
  }
