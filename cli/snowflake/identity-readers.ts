import { z } from 'zod'
import type { SnowflakeNames } from '../../shared/access/index.ts'
import { InconclusiveError } from '../command-failure.ts'
import { parseJson } from '../parse-json.ts'
import type { ObjectProperties, SnowflakeReader } from './snowflake-reader.ts'

/** Whom Snowflake comes as through its integrations; undefined while it has none. */
interface IntegrationTrust {
  readonly iamUserArn: string
  readonly externalIds: readonly string[]
}

/** The beginning of the property's name is not the same for every kind of integration. */
const propertyEndingIn = (suffix: string, properties: ObjectProperties): string => {
  const [, value] = [...properties].find(([property]) => property.endsWith(suffix)) ?? []
  if (!value) throw new InconclusiveError(`DESC INTEGRATION shows no …${suffix}`)
  return value
}

export const externalIdOf = (properties: ObjectProperties): string => propertyEndingIn('_AWS_EXTERNAL_ID', properties)
export const iamUserOf = (properties: ObjectProperties): string => propertyEndingIn('_AWS_IAM_USER_ARN', properties)

export const readIntegrationTrust = async (
  { apiIntegration, securityIntegration }: SnowflakeNames,
  { describe }: SnowflakeReader,
): Promise<IntegrationTrust | undefined> => {
  const descriptions = [apiIntegration, securityIntegration].map((one) => describe(`INTEGRATION "${one}"`))
  const properties = (await Promise.all(descriptions)).filter((one) => one !== undefined)
  const [first] = properties
  return first && { iamUserArn: iamUserOf(first), externalIds: properties.map(externalIdOf) }
}

/** Who of AWS a user is, as Snowflake keeps it: the ARN itself is not shown. */
export interface WorkloadIdentity {
  readonly partition: string
  readonly accountId: string
  readonly roleName: string | undefined
  readonly issuer: string | undefined
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-user-workload-identity-authentication-methods */
const awsIdentityInfo = z.object({
  awsPartition: z.string(),
  awsAccount: z.string(),
  iamRole: z.string().optional(),
  issuer: z.string().optional(),
})

export const workloadIdentitiesOf = async (
  user: string,
  { list }: SnowflakeReader,
): Promise<readonly WorkloadIdentity[]> => {
  const rows = (await list(`SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER ${user}`)) ?? []
  return rows.flatMap(({ additional_info: info = '{}' }) => {
    const { data } = awsIdentityInfo.safeParse(parseJson(info))
    if (!data) return []
    const { awsPartition: partition, awsAccount: accountId, iamRole: roleName, issuer } = data
    return [{ partition, accountId, roleName, issuer }]
  })
}
