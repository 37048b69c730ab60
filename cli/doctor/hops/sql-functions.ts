import type { SnowflakeCaller, Stage } from '../../../shared/access/index.ts'
import { snowflakeNames, sqlFunctions } from '../../setup/index.ts'
import { type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { setUpSnowflake } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** For each Snowflake caller the external functions of its routes: they are there, and lead to the API. */
export const functionsInSql = ({ callers }: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...callers].flatMap(([name, caller]): readonly Hop[] =>
    caller.kind !== 'snowflake'
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

const check = async (name: string, { routes }: SnowflakeCaller, patient: Patient): Promise<Finding> => {
  const { database, schema } = snowflakeNames(patient.order.stage, name)
  const { describe } = patient.snowflake(name)
  const posted = new Set(routes.flatMap(({ method, path }) => (method === 'POST' ? [path] : [])))
  const wanted = sqlFunctions
    .filter(({ path }) => posted.has(path))
    .flatMap(({ path, external }) =>
      external.signatures.map((signature) => ({
        path,
        text: `"${database}"."${schema}"."${external.name}"(${signature.map(({ type }) => type).join(', ')})`,
      })),
    )
  const api = await patient.apiUrl()
  for (const { path, text } of wanted) {
    const held = await describe(`FUNCTION ${text}`)
    const mend = setUpSnowflake(patient, name)
    if (!held) return failed('setup-not-run', { evidence: [`there is no function ${text}`], mend })
    const url = held.get('BODY')
    if (url !== `${api}${path}`) {
      return failed('sql-function-url-wrong', { evidence: [`${text} leads to ${url}, and not to ${api}${path}`], mend })
    }
  }
  return passed(`${wanted.length} functions lead to ${api}`)
}
