import { z } from 'zod'
import { parseJson } from '../../parse-json.ts'
import type { Look } from './look.ts'

/** Who of AWS a user is, as Snowflake keeps it: the ARN itself is not shown. */
export interface Identity {
  readonly partition: string
  readonly accountId: string
  readonly roleName: string | undefined
  readonly issuer: string | undefined
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-user-workload-identity-authentication-methods */
const shown = z.object({
  awsPartition: z.string(),
  awsAccount: z.string(),
  iamRole: z.string().optional(),
  issuer: z.string().optional(),
})

export const identitiesOf = async (user: string, { list }: Look): Promise<readonly Identity[]> => {
  const rows = (await list(`SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER ${user}`)) ?? []
  return rows.flatMap(({ additional_info: info = '{}' }) => {
    const { data } = shown.safeParse(parseJson(info))
    if (!data) return []
    const { awsPartition: partition, awsAccount: accountId, iamRole: roleName, issuer } = data
    return [{ partition, accountId, roleName, issuer }]
  })
}
