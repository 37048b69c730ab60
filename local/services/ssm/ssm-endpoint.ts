import { ZodError } from 'zod'
import type { DeployedResources } from '../../deployment/deployed-resources.ts'
import { headerValue, type WireRequest, type WireResponse } from '../../http.ts'
import { evaluate, PolicyError, type Principal, requestContextKeys } from '../../iam/index.ts'
import type { Identifiers } from '../../identifiers.ts'
import { decisionSteps, failedSteps, type Journal, type JournalStep } from '../../journal.ts'
import { type AccessKey, verifySignature } from '../../sigv4/index.ts'
import { getParameter, getParameters } from './get-parameters.ts'
import type { ParameterStore } from './parameter-store.ts'
import { deleteParameter, putParameter } from './put-and-delete-parameter.ts'
import type { SsmCall } from './ssm-call.ts'
import { SsmRejected, ssmRejectionResponse, ssmRejections, ssmResponse } from './ssm-rejections.ts'

interface SsmDependencies {
  readonly store: ParameterStore
  readonly location: DeployedResources['location']
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

type SsmOperation = (input: unknown, call: SsmCall) => unknown

const operations = new Map<string, SsmOperation>([
  ['GetParameter', getParameter],
  ['GetParameters', getParameters],
  ['PutParameter', putParameter],
  ['DeleteParameter', deleteParameter],
])

/** Parameter Store's endpoint: the signature, the operation, the policies for the parameter and for the key it lies under. */
export const createSsm =
  ({ store, location, findKey, identifiers, journal, now }: SsmDependencies) =>
  async (request: WireRequest): Promise<WireResponse> => {
    const { region, accountId } = location
    const requestId = identifiers.uuid()
    const target = headerValue(request, 'x-amz-target') ?? ''
    const [, operationName] = /^AmazonSSM\.(\w+)$/.exec(target) ?? []
    const steps: JournalStep[] = []
    let principal: Principal | undefined

    const handle = (): unknown => {
      const verification = verifySignature(request, { service: 'ssm', region, clockSkewMinutes: 5, now, findKey })
      if (!verification.verified) {
        const { check, explanation, fix } = verification.rejection
        steps.push(...failedSteps(check, explanation))
        throw new SsmRejected(ssmRejections.signature(verification.rejection), [], fix)
      }
      const caller = verification.owner
      principal = caller
      if (operationName === undefined)
        throw new SsmRejected(ssmRejections.unknownOperation, [`no operation is named ${target || 'so'}`])
      const operation = operations.get(operationName)
      if (!operation)
        throw new SsmRejected(ssmRejections.unsupported(`${operationName} of SSM`), [
          `${operationName} is not imitated`,
        ])
      const authorize: SsmCall['authorize'] = ({ context, ...permission }, rejection) => {
        const keys = { ...requestContextKeys(request, region, now()), ...context }
        const decision = evaluate({ principal: caller, ...permission, context: keys })
        steps.push(...decisionSteps(decision))
        if (!decision.allowed) throw new SsmRejected(rejection(decision), [], decision.fix)
      }
      return operation(readJson(request.body), {
        store,
        location,
        authorize,
        callerArn: caller.arn,
        newId: identifiers.uuid,
        authorizeParameter: (action, resource) =>
          authorize({ action, resource, resourceAccount: accountId }, (denial) =>
            ssmRejections.denied(caller.arn, action, resource, denial),
          ),
      })
    }
    const record = (status: number, outcome: 'allowed' | 'rejected', fix?: string) =>
      journal.record({
        requestId,
        service: 'ssm',
        request: operationName ?? 'no operation',
        status,
        outcome,
        steps,
        ...(principal && { principal: principal.arn }),
        ...(fix !== undefined && { fix }),
      })

    try {
      const answer = handle()
      record(200, 'allowed')
      return ssmResponse(200, answer, requestId)
    } catch (error) {
      const { rejection, reasons, fix } = toSsmRejection(error)
      steps.push(...failedSteps('operation', reasons))
      record(rejection.status, 'rejected', fix)
      return ssmRejectionResponse(rejection, requestId)
    }
  }

const readJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    throw new SsmRejected(ssmRejections.unreadable, ['the body is not JSON'], 'Send the input as a JSON object.')
  }
}

/** What a request can be the cause of; anything else is a defect of the stack. */
const toSsmRejection = (error: unknown): SsmRejected => {
  if (error instanceof SsmRejected) return error
  if (error instanceof PolicyError) {
    return new SsmRejected(ssmRejections.unsupported(`a policy of this request: ${error.message}`), [error.message])
  }
  if (error instanceof ZodError) {
    // Path and code alone: the message of an issue can hold a value.
    const members = error.issues.map(({ path }) => path.join('.') || 'the input')
    return new SsmRejected(
      ssmRejections.unreadable,
      [`not of the right type: ${members.join(', ')}`],
      'Send what the API documents.',
    )
  }
  throw error
}
