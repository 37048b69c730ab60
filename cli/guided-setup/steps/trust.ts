import { snowflakeNames } from '../../../shared/access/index.ts'
import { CommandFailure } from '../../command-failure.ts'
import { isMissing, type SnowflakeConnection } from '../../snowflake-connection/index.ts'
import { lineDiff } from '../line-diff.ts'
import { openDoor } from '../open-door.ts'
import { readDescribed } from '../read-described.ts'
import { callerOf, type Setup } from '../setup.ts'
import { done, type Step, toDo } from '../step.ts'
import type { Trust } from '../trust.ts'

/** The IAM user and the external ids of the integrations stand in the map. */
export const trustInMap = (setup: Setup): Step => ({
  title: 'Trust in access.yml',
  look: async () => {
    const { map, stageName: stage, callerName: caller, snowflake, isPasted } = setup
    const { iamUserArn, externalIds } = callerOf(setup)
    // Without a connection nobody can look into Snowflake: what stands there came from it.
    if (!snowflake && !isPasted && iamUserArn !== undefined) return done(`${iamUserArn} (from the access map)`)
    const trust = snowflake ? await describedBy(setup, snowflake) : await setup.pasted()
    const isThere = iamUserArn === trust.iamUserArn && trust.externalIds.every((id) => externalIds.includes(id))
    if (isThere) return done(`${iamUserArn}, ${externalIds.length} external ids`)
    const before = map.text()
    const after = openDoor(before, { stage, caller }, trust)
    const write = async () => {
      map.write(before, after)
      return `${trust.iamUserArn}, ${trust.externalIds.length} external ids`
    }
    return toDo(`${map.path}\n${lineDiff(before, after)}\n`, write, () => map.assume(after))
  },
})

const describedBy = async ({ stageName, callerName, ways }: Setup, snowflake: SnowflakeConnection): Promise<Trust> => {
  const { apiIntegration, securityIntegration } = snowflakeNames(stageName, callerName)
  const integrations = { 'external-functions': apiIntegration, 'external-access': securityIntegration }
  const statements = ways.map((way) => `DESC INTEGRATION "${integrations[way]}";`)
  const results = await snowflake.run(statements.join('\n')).catch((error: unknown) => {
    if (!isMissing(error)) throw error
    throw new CommandFailure(`The integrations do not exist in Snowflake yet. ${error.message}`)
  })
  const described = readDescribed(JSON.stringify(results.map(({ rows }) => rows)), ways.length)
  if ('trust' in described) return described.trust
  throw new CommandFailure(`${statements.join(' ')} returned no IAM user or external id. ${described.fault}`)
}
