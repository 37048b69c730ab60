import { lambdaFunctionName, routesOf, type Stage } from '../../../shared/access/index.ts'
import type { CauseId } from '../../../shared/diagnoses/index.ts'
import { parseJson } from '../../parse-json.ts'
import type { FunctionConfiguration, Invoked } from '../aws/index.ts'
import { command, edit, type Finding, failed, type MendStep, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, putBack } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** A hop for each function: it is there as it was deployed, has time and memory, and answers where that does no harm. */
export const functions = (stage: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...new Set(routesOf(stage).map(({ functionName }) => functionName))].map((name) => ({
    id: `function:${name}`,
    title: `function ${name}`,
    needs: ['template'],
    check: (patient) => checkFunction(name, patient),
  }))

/** What a function needs at least, as it was seen. */
const least: Readonly<Record<string, { readonly timeout: number; readonly memorySize: number }>> = {
  // A login to Snowflake has been seen to take 9 s; its driver takes 120 MB.
  'snowflake-probe': { timeout: 10, memorySize: 256 },
}

/** What a function can be asked without anything coming of it, and the status it answers that with. */
const askable: Readonly<Record<string, { readonly event: unknown; readonly status: number }>> = {
  hello: { event: { name: 'Alice' }, status: 200 },
  // It names no target.
  invoke: { event: {}, status: 400 },
}

const checkFunction = async (name: string, patient: Patient): Promise<Finding> => {
  const functionName = lambdaFunctionName(patient.order.stage, name)
  const found = await patient.functionConfiguration(functionName)
  if (!found) {
    return failed('function-permission-missing', {
      evidence: [`function ${functionName} does not exist`],
      mend: [deployAgain(patient)],
    })
  }
  const { state, stateReason = '', timeout, memorySize } = found
  if (state === 'Pending') return { outcome: 'skipped', reason: `${functionName} is being created` }
  if (state === 'Failed') {
    return failed('function-does-not-load', {
      evidence: [`function ${functionName} has state ${state}: ${stateReason}`],
      mend: [deployAgain(patient)],
    })
  }
  return (
    (await tooLittle(name, found, patient)) ??
    (await answers(name, functionName, patient)) ??
    passed(`${functionName}: ${timeout} s, ${memorySize} MB${name in askable ? ', test invocation succeeded' : ''}`)
  )
}

/** Less than the deployment gave it, or than it needs. */
const tooLittle = async (
  name: string,
  { timeout, memorySize }: FunctionConfiguration,
  patient: Patient,
): Promise<Finding | undefined> => {
  const { functions: derived } = await patient.derived()
  const given = derived.find(({ key }) => key === name)
  const wanted = {
    timeout: Math.max(given?.timeout ?? 0, least[name]?.timeout ?? 0),
    memorySize: Math.max(given?.memorySize ?? 0, least[name]?.memorySize ?? 0),
  }
  if (timeout < wanted.timeout) {
    const evidence = [`${name} has a timeout of ${timeout} s; expected ${wanted.timeout} s`]
    return failed('function-timeout-too-short', {
      evidence,
      mend: settingAgain(name, 'timeout', wanted.timeout, given?.timeout, patient),
    })
  }
  if (memorySize < wanted.memorySize) {
    const evidence = [`${name} has ${memorySize} MB of memory; expected ${wanted.memorySize} MB`]
    return failed('function-memory-too-small', {
      evidence,
      mend: settingAgain(name, 'memorySize', wanted.memorySize, given?.memorySize, patient),
    })
  }
  return undefined
}

const awsFlags = { timeout: '--timeout', memorySize: '--memory-size' } as const

const settingAgain = (
  name: string,
  setting: keyof typeof awsFlags,
  wanted: number,
  given: number | undefined,
  patient: Patient,
): readonly MendStep[] => {
  const { order } = patient
  if (given !== undefined && given < wanted) {
    return [edit(`infra/functions.ts: ${setting}: ${wanted} for ${name}`), deployAgain(patient)]
  }
  if (order.world.kind === 'local') return [deployAgain(patient)]
  const functionName = lambdaFunctionName(order.stage, name)
  return [
    command(`aws lambda update-function-configuration --function-name ${functionName} ${awsFlags[setting]} ${wanted}`),
  ]
}

const answers = async (name: string, functionName: string, patient: Patient): Promise<Finding | undefined> => {
  const asked = askable[name]
  if (!asked) return undefined
  const invoked = await patient.invoke(functionName, asked.event)
  if (!invoked) return throttled(functionName, patient)
  const cause = causeOf(invoked, asked.status)
  if (cause === undefined) return undefined
  return failed(cause, {
    evidence: [`${functionName} returned, for ${JSON.stringify(asked.event)}: ${invoked.payload.slice(0, 300)}`],
    mend: [
      ...(patient.order.world.kind === 'aws' ? [command(`aws logs tail /aws/lambda/${functionName} --since 10m`)] : []),
      deployAgain(patient),
    ],
  })
}

export const throttled = (functionName: string, patient: Patient): Finding =>
  failed('function-throttled', {
    evidence: [`Lambda throttles ${functionName}: its concurrency limit is reached`],
    mend: putBack(patient, `aws lambda delete-function-concurrency --function-name ${functionName}`),
  })

/** By the type of the error, as Lambda names it. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-logs-api.html */
const causesOfErrors: readonly (readonly [type: RegExp, cause: CauseId])[] = [
  [
    /ImportModule|HandlerNotFound|UserCodeSyntax|MalformedHandlerName|CallbackHandlerDeprecated/,
    'function-does-not-load',
  ],
  [/Timedout|timed out/i, 'function-timeout-too-short'],
  [/OutOfMemory|signal: killed/i, 'function-memory-too-small'],
]

const causeOf = ({ payload, functionError }: Invoked, status: number): CauseId | undefined => {
  if (functionError !== undefined) {
    return causesOfErrors.find(([type]) => type.test(payload))?.[1] ?? 'function-crashes'
  }
  const answered: unknown = parseJson(payload)
  const isForm = typeof answered === 'object' && answered !== null && 'statusCode' in answered
  if (!isForm) return 'answer-malformed'
  return answered.statusCode === status ? undefined : 'function-crashes'
}
