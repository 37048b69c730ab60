import * as z from 'zod'
import { lambdaFunctionName, routesOf, type Stage } from '../../shared/access/index.ts'
import { type CauseId, causes, fillPlaceholders } from '../../shared/diagnoses/index.ts'
import { InconclusiveError } from '../command-failure.ts'
import { parseJson } from '../parse-json.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type Finding, type FixStep, failed, passed } from './finding.ts'
import { editMapFix, parseFixStep, redeploy } from './fixes.ts'
import { functionThrottled } from './lambda-functions.ts'

/** The service really logs in: the probe is invoked, which changes nothing, and its own diagnosis is taken over. */
export const loginChecks = (stage: Pick<Stage, 'callers'>): readonly Check[] =>
  routesOf(stage).some(({ functionName }) => functionName === 'snowflake-probe')
    ? [
        {
          id: 'login',
          title: 'Snowflake login',
          needs: ['function:snowflake-probe', 'service-user'],
          inspect: inspectLogin,
        },
      ]
    : []

const inspectLogin = async (context: DoctorContext): Promise<Finding> => {
  const name = lambdaFunctionName(context.options.stage, 'snowflake-probe')
  const invoked = await context.invoke(name, {})
  if (!invoked) return functionThrottled(name, context)
  const { payload, functionError } = invoked
  if (functionError !== undefined) return functionFailed(name, payload, [redeploy(context)])
  const { statusCode, body } = readAnswer(lambdaAnswer, payload, name)
  if (statusCode === 200) {
    const { user, milliseconds } = readAnswer(probeResult, body, name)
    return passed(`as ${user}, ${milliseconds.total} ms (login ${milliseconds.login} ms)`)
  }
  const { error } = readAnswer(probeError, body, name)
  const cause = causeInMessage(error.message) ?? causesOfCodes.get(error.code)
  if (cause === undefined) throw new InconclusiveError(`${error.code}: ${error.message}`)
  const [observation = '', fix = causes[cause].fix] = error.message.split(' Fix: ')
  return failed(cause, { evidence: [`${error.code}: ${observation}`], fixes: await fixesFor(cause, fix, context) })
}

/** What the service could not even begin with, by its own codes. */
const causesOfCodes: ReadonlyMap<string, CauseId> = new Map([
  ['SECRET_NOT_FOUND', 'parameter-missing'],
  ['SECRET_DENIED', 'parameter-denied'],
  ['SECRET_NOT_DECRYPTABLE', 'parameter-key-denied'],
  ['PRIVATE_KEY_UNUSABLE', 'private-key-damaged'],
  ['PASSPHRASE_MISSING', 'passphrase-missing'],
  ['PASSPHRASE_WRONG', 'passphrase-wrong'],
  ['AWS_THROTTLED', 'aws-throttled'],
  ['AWS_UNREACHABLE', 'aws-unreachable'],
  ['OWN_CREDENTIALS_UNUSABLE', 'credentials-missing'],
])

/** The variables of the deployment that the function lacks. */
const deployedCauses: ReadonlySet<CauseId> = new Set([
  'parameter-denied',
  'passphrase-missing',
  'snowflake-unreachable',
  'web-identity-denied',
])

const fixesFor = async (cause: CauseId, fixText: string, context: DoctorContext): Promise<readonly FixStep[]> => {
  const { options } = context
  if (deployedCauses.has(cause) && options.backend.kind === 'local') return [redeploy(context)]
  if (cause === 'account-identifier-wrong') {
    const accountAnswer = await context
      .snowflakeReader()
      .runQuery("SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME()")
    const account = 'value' in accountAnswer ? accountAnswer.value : null
    if (account)
      return [editMapFix(context, [options.stage, 'snowflake', 'account'], account.toLowerCase()), redeploy(context)]
  }
  const { region } = await context.location()
  return [parseFixStep(fillPlaceholders(fixText, { stage: options.stage, region }))]
}

/** A text of JSON, of a form that is known. */
const readAnswer = <Schema extends z.ZodType>(schema: Schema, text: string, name: string): z.output<Schema> => {
  const { data } = z.string().transform(parseJson).pipe(schema).safeParse(text)
  if (data === undefined) throw new InconclusiveError(`${name} returned ${text.slice(0, 300)}`)
  return data
}

const lambdaAnswer = z.object({ statusCode: z.number(), body: z.string() })
const probeResult = z.object({ user: z.string(), milliseconds: z.object({ login: z.number(), total: z.number() }) })
const probeError = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** The probe's message contains the summary of a cause. */
const causeInMessage = (message: string): CauseId | undefined =>
  (Object.keys(causes) as CauseId[]).find((id) => message.includes(causes[id].summary))

const functionFailed = (name: string, payload: string, fixes: readonly FixStep[]): Finding => {
  const cause = /timed out/i.test(payload) ? 'function-timeout-too-short' : 'function-crashes'
  return failed(cause, { evidence: [`${name} returned ${payload.slice(0, 300)}`], fixes })
}
