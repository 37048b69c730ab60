import { allTexts, causes, fill, recognise } from '../../../shared/diagnoses/index.ts'
import { CannotTell, type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { asTold } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** The API answers, and refuses a request that nobody signed: Snowflake would try a throttled one again for minutes. */
export const api: Hop = {
  id: 'api',
  title: 'unsigned request',
  needs: ['endpoint', 'routes', 'resource-policy'],
  check: async (patient) => {
    const url = `${await urlOf(patient)}/hello`
    const answered = async () => {
      const response = await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(10_000) })
      return { status: response.status, text: await response.text() }
    }
    const { status, text } = await answered().catch((error: unknown) => {
      throw new CannotTell(`cannot connect to ${url}: ${error instanceof Error ? error.message : String(error)}`)
    })
    if (status === 403) return passed('rejects unsigned requests (403)')
    return judged(`${status} ${text}`, patient)
  },
}

const urlOf = async ({ order: { world }, deployedApi }: Patient): Promise<string> =>
  world.kind === 'local' ? (await world.stack.identity('admin')).endpoints.api : (await deployedApi()).url

/** By the words of a refusal, as `snowgate explain` knows them. */
export const judged = (text: string, patient: Patient): Finding => {
  const [finding] = recognise({ text }, allTexts)
  const [cause] = finding?.text.causes ?? []
  if (!finding || cause === undefined) throw new CannotTell(text)
  const values = { stage: patient.order.stage, ...finding.values }
  return failed(cause, { evidence: [text], mend: [asTold(fill(causes[cause].mend, values))] })
}
