import { ZodError } from 'zod'
import { headerValue, type WireAnswer, type WireRequest } from '../http/index.ts'
import { evaluate, PolicyError, type Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import { decisionSteps, failedSteps, type Journal, type JournalStep } from '../journal.ts'
import { requestContextKeys } from '../request-context.ts'
import { type AccessKey, verify } from '../sigv4/index.ts'
import type { Deployment } from '../template/index.ts'
import type { Call } from './call.ts'
import { deleteParameter } from './delete-parameter.ts'
import { getParameter } from './get-parameter.ts'
import { getParameters } from './get-parameters.ts'
import type { ParameterStore } from './parameter-store.ts'
import { putParameter } from './put-parameter.ts'
import { jsonAnswer, Refused, refusalAnswer, refusals } from './refusals.ts'

interface Needs {
  readonly store: ParameterStore
  readonly place: Deployment['place']
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

type Operation = (input: unknown, call: Call) => unknown

const operations = new Map<string, Operation>([
  ['GetParameter', getParameter],
  ['GetParameters', getParameters],
  ['PutParameter', putParameter],
  ['DeleteParameter', deleteParameter],
])

/** Parameter Store's endpoint: the signature, the operation, the policies for the parameter and for the key it lies under. */
export const createSsm =
  ({ store, place, findKey, identifiers, journal, now }: Needs) =>
  async (request: WireRequest): Promise<WireAnswer> => {
    const { region, accountId } = place
    const requestId = identifiers.uuid()
    const target = headerValue(request, 'x-amz-target') ?? ''
    const [, named] = /^AmazonSSM\.(\w+)$/.exec(target) ?? []
    const steps: JournalStep[] = []
    let principal: Principal | undefined

    const passThrough = (): unknown => {
      const verdict = verify(request, { service: 'ssm', region, clockSkewMinutes: 5, now, findKey })
      if (!verdict.verified) {
        const { check, explanation, remedy } = verdict.refusal
        steps.push(...failedSteps(check, explanation))
        throw new Refused(refusals.signature(verdict.refusal), [], remedy)
      }
      const caller = verdict.owner
      principal = caller
      if (named === undefined) throw new Refused(refusals.unknownOperation, [`no operation is named ${target || 'so'}`])
      const operation = operations.get(named)
      if (!operation) throw new Refused(refusals.unsupported(`${named} of SSM`), [`${named} is not imitated`])
      const demand: Call['demand'] = ({ context, ...asked }, refusal) => {
        const keys = { ...requestContextKeys(request, region, now()), ...context }
        const decision = evaluate({ principal: caller, ...asked, context: keys })
        steps.push(...decisionSteps(decision))
        if (!decision.allowed) throw new Refused(refusal(decision), [], decision.remedy)
      }
      return operation(readJson(request.body), {
        store,
        place,
        demand,
        callerArn: caller.arn,
        newId: identifiers.uuid,
        demandOn: (action, resource) =>
          demand({ action, resource, resourceAccount: accountId }, (denial) =>
            refusals.denied(caller.arn, action, resource, denial),
          ),
      })
    }
    const record = (status: number, outcome: 'let in' | 'refused', remedy?: string) =>
      journal.record({
        requestId,
        service: 'ssm',
        request: named ?? 'no operation',
        status,
        outcome,
        steps,
        ...(principal && { principal: principal.arn }),
        ...(remedy !== undefined && { remedy }),
      })

    try {
      const answer = passThrough()
      record(200, 'let in')
      return jsonAnswer(200, answer, requestId)
    } catch (error) {
      const { refusal, because, remedy } = refusedFor(error)
      steps.push(...failedSteps('operation', because))
      record(refusal.status, 'refused', remedy)
      return refusalAnswer(refusal, requestId)
    }
  }

const readJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    throw new Refused(refusals.unreadable, ['the body is not JSON'], 'Send the input as a JSON object.')
  }
}

/** What a request can be the cause of; anything else is a defect of the stack. */
const refusedFor = (error: unknown): Refused => {
  if (error instanceof Refused) return error
  if (error instanceof PolicyError) {
    return new Refused(refusals.unsupported(`a policy of this request: ${error.message}`), [error.message])
  }
  if (error instanceof ZodError) {
    // Path and code alone: the message of an issue can hold a value.
    const members = error.issues.map(({ path }) => path.join('.') || 'the input')
    return new Refused(
      refusals.unreadable,
      [`not of the right type: ${members.join(', ')}`],
      'Send what the API documents.',
    )
  }
  throw error
}
