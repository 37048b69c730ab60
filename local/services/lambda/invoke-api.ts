import type { WireRequest, WireResponse } from '../../http.ts'
import type { AccessRequest, Decision, NamedPolicy, Principal } from '../../iam/index.ts'
import { authorizeInvoke } from './invoke-authorization.ts'
import { InvokeRejected, invokeRejectionResponse, invokeRejections } from './invoke-rejections.ts'
import { type InvokeRequest, readClientContext, readInvokeRequest, readPayload } from './invoke-request.ts'
import type { Invocation, InvocationResult, LambdaFunction, LambdaRunner } from './lambda-function.ts'

type InvocableFunction = Pick<LambdaFunction, 'name' | 'arn'> & { readonly reservedConcurrency?: number }

interface InvokeApiDependencies {
  readonly functions: readonly InvocableFunction[]
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
  readonly answer: WireResponse
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
export const createInvokeApi = (dependencies: InvokeApiDependencies) => {
  const locate = createFunctionLocator(dependencies)
  return async (request: WireRequest, principal: Principal): Promise<InvokeOutcome> => {
    const requestId = dependencies.newRequestId()
    let decision: Decision | undefined
    try {
      const invokeRequest = readInvokeRequest(request)
      const { arn, accountId, fn } = locate(invokeRequest)
      const resourcePolicy = fn && dependencies.policyOf(fn.name)
      decision = authorizeInvoke(dependencies.evaluate, {
        principal,
        // With a qualifier it is another resource than without.
        resource: invokeRequest.qualifier === undefined ? arn : `${arn}:${invokeRequest.qualifier}`,
        resourceAccount: accountId,
        ...(resourcePolicy && { resourcePolicy }),
        context: dependencies.context(request),
      })
      const { name, reservedConcurrency } = resolveLatestVersion(arn, fn, invokeRequest, dependencies.region)
      // A number above is one that the stack, which runs for a few, does not reach; events are put off and not refused.
      if (reservedConcurrency === 0 && invokeRequest.invocationType === 'RequestResponse') {
        throw new InvokeRejected(invokeRejections.throttled(name))
      }
      const payload = readPayload(request, invokeRequest.invocationType)
      const clientContext = readClientContext(request)
      const invocation: Invocation = {
        payload,
        requestId,
        traceId: dependencies.newTraceId(),
        // Lambda passes it on for synchronous invocations only: https://github.com/aws/aws-sdk/issues/679
        ...(clientContext !== undefined && invokeRequest.invocationType === 'RequestResponse' && { clientContext }),
        ...(invokeRequest.qualifier === '$LATEST' && { qualifier: '$LATEST' }),
      }
      return { ...(await runInvocation(dependencies.runner, name, invokeRequest, invocation)), decision }
    } catch (error) {
      if (!(error instanceof InvokeRejected)) throw error
      const reachedDecision = error.decision ?? decision
      const { rejection } = error
      return {
        answer: invokeRejectionResponse(rejection, requestId),
        ...(reachedDecision && { decision: reachedDecision }),
        explanation: rejection.explanation,
      }
    }
  }
}

/** The full ARN of the function a request means, without its qualifier, and the function where there is one. */
const createFunctionLocator = ({ functions, region, accountId }: InvokeApiDependencies) => {
  const byArn = new Map(functions.map((fn) => [fn.arn, fn]))
  const ownPartition = functions[0]?.arn.split(':')[1] ?? 'aws'
  return ({ reference }: InvokeRequest) => {
    const { partition = ownPartition, name } = reference
    const account = reference.accountId ?? accountId
    const arn = `arn:${partition}:lambda:${reference.region ?? region}:${account}:function:${name}`
    return { arn, accountId: account, fn: byArn.get(arn) }
  }
}

/** The function, if it is one of this region's and the requested version is the only one that a template deploys. */
const resolveLatestVersion = (
  arn: string,
  fn: InvocableFunction | undefined,
  { reference, qualifier = '$LATEST' }: InvokeRequest,
  region: string,
): InvocableFunction => {
  if (reference.region !== undefined && reference.region !== region) {
    throw new InvokeRejected(invokeRejections.otherRegion(reference.region, region))
  }
  if (!fn)
    throw new InvokeRejected(invokeRejections.notFound(`${arn}:${qualifier}`, 'the template has no such function'))
  if (qualifier === '$LATEST') return fn
  throw new InvokeRejected(
    invokeRejections.notFound(`${arn}:${qualifier}`, 'the template deploys no version but $LATEST'),
  )
}

const runInvocation = async (
  runner: InvokeApiDependencies['runner'],
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
