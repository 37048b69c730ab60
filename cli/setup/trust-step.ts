import { snowflakeNames } from '../../shared/access/index.ts'
import { CommandFailure } from '../command-failure.ts'
import { isMissingObject, type SnowflakeConnection } from '../snowflake/snowflake-connection.ts'
import { type CallerTrust, writeTrust } from './edit-trust.ts'
import { lineDiff } from './line-diff.ts'
import { parseIntegrationDescription } from './parse-integration-description.ts'
import { type SetupContext, snowflakeCallerOf } from './setup-context.ts'
import { alreadyDone, pendingChange, type SetupStep } from './setup-step.ts'

/** The IAM user and the external ids of the integrations stand in the map. */
export const trustStep = (setup: SetupContext): SetupStep => ({
  title: 'Trust in access.yml',
  inspect: async () => {
    const { map, stageName: stage, callerName: caller, snowflake, hasPastedTrust: isPasted } = setup
    const { iamUserArn, externalIds } = snowflakeCallerOf(setup)
    // Without a connection Snowflake cannot be read: the trust of the map is assumed to be right.
    if (!snowflake && !isPasted && iamUserArn !== undefined) return alreadyDone(`${iamUserArn} (from the access map)`)
    const trust = snowflake ? await describeTrust(setup, snowflake) : await setup.readPastedTrust()
    const isThere = iamUserArn === trust.iamUserArn && trust.externalIds.every((id) => externalIds.includes(id))
    if (isThere) return alreadyDone(`${iamUserArn}, ${externalIds.length} external ids`)
    const before = map.text()
    const after = writeTrust(before, { stage, caller }, trust)
    const write = async () => {
      map.write(before, after)
      return `${trust.iamUserArn}, ${trust.externalIds.length} external ids`
    }
    return pendingChange(`${map.path}\n${lineDiff(before, after)}\n`, write, () => map.preview(after))
  },
})

const describeTrust = async (
  { stageName, callerName, methods }: SetupContext,
  snowflake: SnowflakeConnection,
): Promise<CallerTrust> => {
  const { apiIntegration, securityIntegration } = snowflakeNames(stageName, callerName)
  const integrations = { 'external-functions': apiIntegration, 'external-access': securityIntegration }
  const statements = methods.map((way) => `DESC INTEGRATION "${integrations[way]}";`)
  const results = await snowflake.run(statements.join('\n')).catch((error: unknown) => {
    if (!isMissingObject(error)) throw error
    throw new CommandFailure(`The integrations do not exist in Snowflake yet. ${error.message}`)
  })
  const described = parseIntegrationDescription(JSON.stringify(results.map(({ rows }) => rows)), methods.length)
  if ('trust' in described) return described.trust
  throw new CommandFailure(`${statements.join(' ')} returned no IAM user or external id. ${described.problem}`)
}
