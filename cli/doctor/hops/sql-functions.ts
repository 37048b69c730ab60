import type { SnowflakeCaller, Stage } from '../../../shared/access/index.ts'
import { wantedFunctions } from '../../setup/index.ts'
import { type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { setUpSnowflake } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** For each Snowflake caller the external functions of its routes: they are there, and lead to the API. */
export const functionsInSql = ({ callers }: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...callers].flatMap(([name, caller]): readonly Hop[] =>
    caller.kind !== 'snowflake' || !caller.routes.some(({ method }) => method === 'POST')
      ? []
      : [
          {
            id: `sql-functions:${name}`,
            title: `SQL functions of ${name}`,
            needs: [`integration:${name}`],
            check: (patient) => check(name, caller, patient),
          },
        ],
  )

const check = async (name: string, caller: SnowflakeCaller, patient: Patient): Promise<Finding> => {
  const { describe } = patient.snowflake(name)
  const api = await patient.deployedApi()
  const wanted = wantedFunctions({ name, caller, api }, 'external-functions')
  for (const { call, body } of wanted) {
    const held = await describe(`FUNCTION ${call}`)
    const mend = setUpSnowflake(patient, name)
    if (!held) return failed('setup-not-run', { evidence: [`function ${call} does not exist`], mend })
    const url = held.get('BODY')
    if (url !== body) {
      return failed('sql-function-url-wrong', { evidence: [`${call} calls ${url}, expected ${body}`], mend })
    }
  }
  return passed(`${wanted.length} functions call ${api.url}`)
}
