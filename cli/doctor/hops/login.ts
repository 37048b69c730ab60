import { z } from 'zod'
import { lambdaFunctionName, routesOf, type Stage } from '../../../shared/access/index.ts'
import { type CauseId, causes } from '../../../shared/diagnoses/index.ts'
import { CannotTell, type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { asTold, deployAgain } from '../mends.ts'
import type { Patient } from '../patient.ts'
import { throttled } from './functions.ts'

/** The service really logs in: the probe is invoked, which changes nothing, and its own diagnosis is taken over. */
export const login = (stage: Pick<Stage, 'callers'>): readonly Hop[] =>
  routesOf(stage).some(({ functionName }) => functionName === 'snowflake-probe')
    ? [
        {
          id: 'login',
          title: 'login to Snowflake',
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
  const { data } = answer.safeParse(JSON.parse(payload))
  if (!data) throw new CannotTell(`${name} answered ${payload.slice(0, 300)}`)
  const { statusCode, body } = data
  if (statusCode === 200) {
    const { user, milliseconds } = told.parse(JSON.parse(body))
    return passed(`as ${user}, ${milliseconds.total} ms of which the login took ${milliseconds.login}`)
  }
  const { error } = refusal.parse(JSON.parse(body))
  const cause = causeIn(error.message)
  if (cause === undefined) throw new CannotTell(`${error.code}: ${error.message}`)
  const [seen = '', mend = ''] = error.message.split(' To mend it: ')
  return failed(cause, { evidence: [`${error.code}: ${seen}`], mend: [asTold(mend)] })
}

const answer = z.object({ statusCode: z.number(), body: z.string() })
const told = z.object({ user: z.string(), milliseconds: z.object({ login: z.number(), total: z.number() }) })
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** The probe says a cause in the words of the table. */
const causeIn = (message: string): CauseId | undefined =>
  (Object.keys(causes) as CauseId[]).find((id) => message.includes(causes[id].what))

const ended = (name: string, payload: string, mend: Parameters<typeof failed>[1]['mend']): Finding => {
  const cause = /timed out/i.test(payload) ? 'function-timeout-too-short' : 'function-crashes'
  return failed(cause, { evidence: [`${name} answered ${payload.slice(0, 300)}`], mend })
}
