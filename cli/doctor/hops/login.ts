import * as z from 'zod'
import { lambdaFunctionName, routesOf, type Stage } from '../../../shared/access/index.ts'
import { type CauseId, causes, fill } from '../../../shared/diagnoses/index.ts'
import { parseJson } from '../../parse-json.ts'
import { CannotTell, type Finding, failed, type MendStep, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { asTold, deployAgain, editMap } from '../mends.ts'
import type { Patient } from '../patient.ts'
import { throttled } from './functions.ts'

/** The service really logs in: the probe is invoked, which changes nothing, and its own diagnosis is taken over. */
export const login = (stage: Pick<Stage, 'callers'>): readonly Hop[] =>
  routesOf(stage).some(({ functionName }) => functionName === 'snowflake-probe')
    ? [
        {
          id: 'login',
          title: 'Snowflake login',
          needs: ['function:snowflake-probe', 'service-user'],
          check,
        },
      ]
    : []

const check = async (patient: Patient): Promise<Finding> => {
  const name = lambdaFunctionName(patient.order.stage, 'snowflake-probe')
  const invoked = await patient.invoke(name, {})
  if (!invoked) return throttled(name, patient)
  const { payload, functionError } = invoked
  if (functionError !== undefined) return ended(name, payload, [deployAgain(patient)])
  const { statusCode, body } = read(answer, payload, name)
  if (statusCode === 200) {
    const { user, milliseconds } = read(told, body, name)
    return passed(`as ${user}, ${milliseconds.total} ms (login ${milliseconds.login} ms)`)
  }
  const { error } = read(refusal, body, name)
  const cause = causeIn(error.message) ?? causesOfCodes.get(error.code)
  if (cause === undefined) throw new CannotTell(`${error.code}: ${error.message}`)
  const [seen = '', mend = causes[cause].mend] = error.message.split(' To mend it: ')
  return failed(cause, { evidence: [`${error.code}: ${seen}`], mend: await mendOf(cause, mend, patient) })
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

/** What a deployment gives the function, and what somebody took from it. */
const deployed: ReadonlySet<CauseId> = new Set([
  'parameter-denied',
  'passphrase-missing',
  'snowflake-unreachable',
  'web-identity-denied',
])

const mendOf = async (cause: CauseId, told: string, patient: Patient): Promise<readonly MendStep[]> => {
  const { order } = patient
  if (deployed.has(cause) && order.world.kind === 'local') return [deployAgain(patient)]
  if (cause === 'account-identifier-wrong') {
    const held = await patient.snowflake().ask("SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME()")
    const account = 'value' in held ? held.value : null
    if (account)
      return [editMap(patient, [order.stage, 'snowflake', 'account'], account.toLowerCase()), deployAgain(patient)]
  }
  const { region } = await patient.place()
  return [asTold(fill(told, { stage: order.stage, region }))]
}

/** A text of JSON, of a form that is known. */
const read = <Schema extends z.ZodType>(schema: Schema, text: string, name: string): z.output<Schema> => {
  const { data } = z.string().transform(parseJson).pipe(schema).safeParse(text)
  if (data === undefined) throw new CannotTell(`${name} returned ${text.slice(0, 300)}`)
  return data
}

const answer = z.object({ statusCode: z.number(), body: z.string() })
const told = z.object({ user: z.string(), milliseconds: z.object({ login: z.number(), total: z.number() }) })
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** The probe says a cause in the words of the table. */
const causeIn = (message: string): CauseId | undefined =>
  (Object.keys(causes) as CauseId[]).find((id) => message.includes(causes[id].what))

const ended = (name: string, payload: string, mend: readonly MendStep[]): Finding => {
  const cause = /timed out/i.test(payload) ? 'function-timeout-too-short' : 'function-crashes'
  return failed(cause, { evidence: [`${name} returned ${payload.slice(0, 300)}`], mend })
}
