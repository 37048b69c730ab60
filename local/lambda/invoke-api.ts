import type { WireAnswer, WireRequest } from '../http/index.ts'
import type { AccessRequest, Decision, NamedPolicy, Principal } from '../iam/index.ts'
import { authorizeInvoke } from './invoke-authorization.ts'
import { readClientContext, readPayload } from './invoke-payload.ts'
import { Refused, refusalAnswer, refusals } from './invoke-refusals.ts'
import { type InvokeRequest, readInvokeRequest } from './invoke-request.ts'
import type { Invocation, InvocationResult, LambdaFunction, LambdaRunner } from './types.ts'

type KnownFunction = Pick<LambdaFunction, 'name' | 'arn'> & { readonly reservedConcurrency?: number }

interface Needs {
  readonly functions: readonly KnownFunction[]
  readonly region: string
  readonly accountId: string
  /** The function's resource policy, or undefined when it has none. */
  readonly policyOf: (functionName: string) => NamedPolicy | undefined
  readonly runner: Pick<LambdaRunner, 'invoke'>
  readonly evaluate: (request: AccessRequest) => Decision
  readonly newRequestId: () => string
  readonly newTraceId: () => string
  /** The condition keys of the request itself: `aws:SourceIp`, `aws:CurrentTime` … */
  readonly context: (request: WireRequest) => Record<string, string | string[]>
}

export interface InvokeOutcome {
  readonly answer: WireAnswer
  /** Absent where the request was refused before any policy was read. */
  readonly decision?: Decision
  /** Why it was refused, or how the function failed, for the stack's log. Never a body. */
  readonly explanation: readonly string[]
}

/**
 * Lambda's Invoke, for a request whose signature has been verified. Any other operation of Lambda is refused as not
 * imitated. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 *
 * The order of the checks is inferred: the form of the parameters, authorization, the function, the payload.
 */
export const createInvokeApi = (needs: Needs) => {
  const locate = createLocator(needs)
  return async (request: WireRequest, principal: Principal): Promise<InvokeOutcome> => {
    const requestId = needs.newRequestId()
    let decision: Decision | undefined
    try {
      const asked = readInvokeRequest(request)
      const { arn, accountId, fn } = locate(asked)
      const resourcePolicy = fn && needs.policyOf(fn.name)
      decision = authorizeInvoke(needs.evaluate, {
        principal,
        // With a qualifier it is another resource than without.
        resource: asked.qualifier === undefined ? arn : `${arn}:${asked.qualifier}`,
        resourceAccount: accountId,
        ...(resourcePolicy && { resourcePolicy }),
        context: needs.context(request),
      })
      const { name, reservedConcurrency } = latest(arn, fn, asked, needs.region)
      // A number above is one that the stack, which runs for a few, does not reach; events are put off and not refused.
      if (reservedConcurrency === 0 && asked.invocationType === 'RequestResponse') {
        throw new Refused(refusals.throttled(name))
      }
      const payload = readPayload(request, asked.invocationType)
      const clientContext = readClientContext(request)
      const invocation: Invocation = {
        payload,
        requestId,
        traceId: needs.newTraceId(),
        // Lambda passes it on for synchronous invocations only: https://github.com/aws/aws-sdk/issues/679
        ...(clientContext !== undefined && asked.invocationType === 'RequestResponse' && { clientContext }),
        ...(asked.qualifier === '$LATEST' && { qualifier: '$LATEST' }),
      }
      return { ...(await carryOut(needs.runner, name, asked, invocation)), decision }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const made = error.decision ?? decision
      const { refusal } = error
      return {
        answer: refusalAnswer(refusal, requestId),
        ...(made && { decision: made }),
        explanation: refusal.explanation,
      }
    }
  }
}

/** The full ARN of the function a request means, without its qualifier, and the function where there is one. */
const createLocator = ({ functions, region, accountId }: Needs) => {
  const byArn = new Map(functions.map((fn) => [fn.arn, fn]))
  const ownPartition = functions[0]?.arn.split(':')[1] ?? 'aws'
  return ({ reference }: InvokeRequest) => {
    const { partition = ownPartition, name } = reference
    const account = reference.accountId ?? accountId
    const arn = `arn:${partition}:lambda:${reference.region ?? region}:${account}:function:${name}`
    return { arn, accountId: account, fn: byArn.get(arn) }
  }
}

/** The function, if it is one of this region's and the version asked for is the only one that a template deploys. */
const latest = (
  arn: string,
  fn: KnownFunction | undefined,
  { reference, qualifier = '$LATEST' }: InvokeRequest,
  region: string,
): KnownFunction => {
  if (reference.region !== undefined && reference.region !== region) {
    throw new Refused(refusals.otherRegion(reference.region, region))
  }
  if (!fn) throw new Refused(refusals.notFound(`${arn}:${qualifier}`, 'the template has no such function'))
  if (qualifier === '$LATEST') return fn
  throw new Refused(refusals.notFound(`${arn}:${qualifier}`, 'the template deploys no version but $LATEST'))
}

const carryOut = async (
  runner: Needs['runner'],
  functionName: string,
  { invocationType, logType }: InvokeRequest,
  invocation: Invocation,
): Promise<InvokeOutcome> => {
  const headers = { 'x-amzn-RequestId': invocation.requestId }
  if (invocationType === 'DryRun') return { answer: { status: 204, headers, body: '' }, explanation: [] }
  const running = runner.invoke(functionName, invocation)
  if (invocationType === 'Event') {
    // Lambda would try a failed one twice more, and then tell its destination. That is not imitated: the failure stands in
    // the function's log.
    running.catch(() => {})
    return { answer: { status: 202, headers, body: '' }, explanation: [] }
  }
  const result = await running
  return {
    answer: { status: 200, headers: { ...headers, ...resultHeaders(result, logType) }, body: result.payload },
    explanation: result.errorType === undefined ? [] : [`the function failed: ${result.errorType}`],
  }
}

/** A function that failed is a success of the API: a header says so, the status does not. */
const resultHeaders = (result: InvocationResult, logType: InvokeRequest['logType']) => ({
  'Content-Type': 'application/json',
  'X-Amz-Executed-Version': '$LATEST',
  ...(result.functionError && { 'X-Amz-Function-Error': result.functionError }),
  ...(logType === 'Tail' && { 'X-Amz-Log-Result': Buffer.from(result.logTail).toString('base64') }),
})
