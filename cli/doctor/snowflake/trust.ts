import type { SnowflakeNames } from '../../../shared/access/index.ts'
import { CannotTell } from '../finding.ts'
import type { Look, Properties } from './look.ts'

/** Whom Snowflake comes as through its integrations; undefined while it has none. */
export interface Trust {
  readonly iamUserArn: string
  readonly externalIds: readonly string[]
}

/** The beginning of the property's name is not the same for every kind of integration. */
const suffixed = (suffix: string, held: Properties): string => {
  const [, value] = [...held].find(([property]) => property.endsWith(suffix)) ?? []
  if (!value) throw new CannotTell(`DESC INTEGRATION shows no …${suffix}`)
  return value
}

export const externalIdOf = (held: Properties): string => suffixed('_AWS_EXTERNAL_ID', held)
export const iamUserOf = (held: Properties): string => suffixed('_AWS_IAM_USER_ARN', held)

export const trustIn = async (
  { apiIntegration, securityIntegration }: SnowflakeNames,
  { describe }: Look,
): Promise<Trust | undefined> => {
  const asked = [apiIntegration, securityIntegration].map((one) => describe(`INTEGRATION "${one}"`))
  const held = (await Promise.all(asked)).filter((one) => one !== undefined)
  const [first] = held
  return first && { iamUserArn: iamUserOf(first), externalIds: held.map(externalIdOf) }
}
