import type { SnowflakeCaller, Stage } from '../../shared/access/index.ts'
import { expectedFunctions } from '../setup/caller-script.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type Finding, failed, passed } from './finding.ts'
import { setupSqlFix } from './fixes.ts'

/** For each Snowflake caller the external functions of its routes: they are there, and lead to the API. */
export const sqlFunctionChecks = ({ callers }: Pick<Stage, 'callers'>): readonly Check[] =>
  [...callers].flatMap(([name, caller]): readonly Check[] =>
    caller.kind !== 'snowflake' || !caller.routes.some(({ method }) => method === 'POST')
      ? []
      : [
          {
            id: `sql-functions:${name}`,
            title: `SQL functions of ${name}`,
            needs: [`integration:${name}`],
            inspect: (context) => inspectSqlFunctions(name, caller, context),
          },
        ],
  )

const inspectSqlFunctions = async (name: string, caller: SnowflakeCaller, context: DoctorContext): Promise<Finding> => {
  const { describe } = context.snowflakeReader(name)
  const api = await context.deployedApi()
  const requiredFunctions = expectedFunctions({ name, caller, api }, 'external-functions')
  for (const { call, body } of requiredFunctions) {
    const properties = await describe(`FUNCTION ${call}`)
    const fixes = setupSqlFix(context, name)
    if (!properties) return failed('setup-not-run', { evidence: [`function ${call} does not exist`], fixes })
    const url = properties.get('BODY')
    if (url !== body) {
      return failed('sql-function-url-wrong', { evidence: [`${call} calls ${url}, expected ${body}`], fixes })
    }
  }
  return passed(`${requiredFunctions.length} functions call ${api.url}`)
}
