import { callerRoleCauses } from './causes/caller-roles.ts'
import type { Cause } from './causes/cause.ts'
import { deploymentCauses } from './causes/deployment.ts'
import { keyPairCauses } from './causes/key-pair.ts'
import { outboundCauses } from './causes/outbound.ts'
import { requestCauses } from './causes/requests.ts'
import { snowflakeLoginCauses } from './causes/snowflake-login.ts'
import { snowflakeObjectCauses } from './causes/snowflake-objects.ts'

const table = {
  ...requestCauses,
  ...callerRoleCauses,
  ...deploymentCauses,
  ...snowflakeObjectCauses,
  ...snowflakeLoginCauses,
  ...keyPairCauses,
  ...outboundCauses,
} satisfies Record<string, Cause>

export type CauseId = keyof typeof table

/** Every known root cause, with one id each. Ids are stable: programs can branch on them. */
export const causes: Readonly<Record<CauseId, Cause>> = table
