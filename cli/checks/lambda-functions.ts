import { lambdaFunctionName, routesOf, type Stage } from '../../shared/access/index.ts'
import type { CauseId } from '../../shared/diagnoses/index.ts'
import type { FunctionConfiguration, InvokeResult } from '../aws/lambda-function.ts'
import { parseJson } from '../parse-json.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { command, edit, type Finding, type FixStep, failed, passed } from './finding.ts'
import { redeploy, restoreDeployed } from './fixes.ts'

/** One check per function: it exists as deployed, has enough time and memory, and answers a test call without side effects. */
export const functionChecks = (stage: Pick<Stage, 'callers'>): readonly Check[] =>
  [...new Set(routesOf(stage).map(({ functionName }) => functionName))].map((name) => ({
    id: `function:${name}`,
    title: `function ${name}`,
    needs: ['template'],
    inspect: (context) => inspectFunction(name, context),
  }))

/** What a function needs at least, as it was seen. */
const minimumSettings: Readonly<Record<string, { readonly timeout: number; readonly memorySize: number }>> = {
  // A login to Snowflake has been seen to take 9 s; its driver takes 120 MB.
  'snowflake-probe': { timeout: 10, memorySize: 256 },
}

/** The test input of a function, without side effects, and the expected status. */
const testEvents: Readonly<Record<string, { readonly event: unknown; readonly status: number }>> = {
  hello: { event: { name: 'Alice' }, status: 200 },
  // It names no target.
  invoke: { event: {}, status: 400 },
}

const inspectFunction = async (name: string, context: DoctorContext): Promise<Finding> => {
  const functionName = lambdaFunctionName(context.options.stage, name)
  const found = await context.functionConfiguration(functionName)
  if (!found) {
    return failed('function-permission-missing', {
      evidence: [`function ${functionName} does not exist`],
      fixes: [redeploy(context)],
    })
  }
  const { state, stateReason = '', timeout, memorySize } = found
  if (state === 'Pending') return { outcome: 'skipped', reason: `${functionName} is being created` }
  if (state === 'Failed') {
    return failed('function-does-not-load', {
      evidence: [`function ${functionName} has state ${state}: ${stateReason}`],
      fixes: [redeploy(context)],
    })
  }
  return (
    (await findSettingFault(name, found, context)) ??
    (await findInvokeFault(name, functionName, context)) ??
    passed(`${functionName}: ${timeout} s, ${memorySize} MB${name in testEvents ? ', test invocation succeeded' : ''}`)
  )
}

/** Less than the deployment gave it, or than it needs. */
const findSettingFault = async (
  name: string,
  { timeout, memorySize }: FunctionConfiguration,
  context: DoctorContext,
): Promise<Finding | undefined> => {
  const { functions: derived } = await context.derived()
  const derivedFunction = derived.find(({ key }) => key === name)
  const required = {
    timeout: Math.max(derivedFunction?.timeout ?? 0, minimumSettings[name]?.timeout ?? 0),
    memorySize: Math.max(derivedFunction?.memorySize ?? 0, minimumSettings[name]?.memorySize ?? 0),
  }
  if (timeout < required.timeout) {
    const evidence = [`${name} has a timeout of ${timeout} s; expected ${required.timeout} s`]
    return failed('function-timeout-too-short', {
      evidence,
      fixes: settingFixes(name, 'timeout', required.timeout, derivedFunction?.timeout, context),
    })
  }
  if (memorySize < required.memorySize) {
    const evidence = [`${name} has ${memorySize} MB of memory; expected ${required.memorySize} MB`]
    return failed('function-memory-too-small', {
      evidence,
      fixes: settingFixes(name, 'memorySize', required.memorySize, derivedFunction?.memorySize, context),
    })
  }
  return undefined
}

const awsFlags = { timeout: '--timeout', memorySize: '--memory-size' } as const

const settingFixes = (
  name: string,
  setting: keyof typeof awsFlags,
  required: number,
  derivedValue: number | undefined,
  context: DoctorContext,
): readonly FixStep[] => {
  const { options } = context
  if (derivedValue !== undefined && derivedValue < required) {
    return [edit(`infra/template/function-definitions.ts: ${setting}: ${required} for ${name}`), redeploy(context)]
  }
  if (options.backend.kind === 'local') return [redeploy(context)]
  const functionName = lambdaFunctionName(options.stage, name)
  return [
    command(
      `aws lambda update-function-configuration --function-name ${functionName} ${awsFlags[setting]} ${required}`,
    ),
  ]
}

const findInvokeFault = async (
  name: string,
  functionName: string,
  context: DoctorContext,
): Promise<Finding | undefined> => {
  const testEvent = testEvents[name]
  if (!testEvent) return undefined
  const invoked = await context.invoke(functionName, testEvent.event)
  if (!invoked) return functionThrottled(functionName, context)
  const cause = invokeCause(invoked, testEvent.status)
  if (cause === undefined) return undefined
  return failed(cause, {
    evidence: [`${functionName} returned, for ${JSON.stringify(testEvent.event)}: ${invoked.payload.slice(0, 300)}`],
    fixes: [
      ...(context.options.backend.kind === 'aws'
        ? [command(`aws logs tail /aws/lambda/${functionName} --since 10m`)]
        : []),
      redeploy(context),
    ],
  })
}

export const functionThrottled = (functionName: string, context: DoctorContext): Finding =>
  failed('function-throttled', {
    evidence: [`Lambda throttles ${functionName}: its concurrency limit is reached`],
    fixes: restoreDeployed(context, `aws lambda delete-function-concurrency --function-name ${functionName}`),
  })

/** By the type of the error, as Lambda names it. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-logs-api.html */
const causesByErrorType: readonly (readonly [type: RegExp, cause: CauseId])[] = [
  [
    /ImportModule|HandlerNotFound|UserCodeSyntax|MalformedHandlerName|CallbackHandlerDeprecated/,
    'function-does-not-load',
  ],
  [/Timedout|timed out/i, 'function-timeout-too-short'],
  [/OutOfMemory|signal: killed/i, 'function-memory-too-small'],
]

const invokeCause = ({ payload, functionError }: InvokeResult, status: number): CauseId | undefined => {
  if (functionError !== undefined) {
    return causesByErrorType.find(([type]) => type.test(payload))?.[1] ?? 'function-crashes'
  }
  const answered: unknown = parseJson(payload)
  const isForm = typeof answered === 'object' && answered !== null && 'statusCode' in answered
  if (!isForm) return 'answer-malformed'
  return answered.statusCode === status ? undefined : 'function-crashes'
}
