import { callingCauses } from './causes/calling.ts'
import type { Cause } from './causes/cause.ts'
import { deploymentCauses } from './causes/deployment.ts'
import { doorCauses } from './causes/doors.ts'
import { keyPairCauses } from './causes/key-pair.ts'
import { outwardCauses } from './causes/outward.ts'
import { snowflakeCallCauses } from './causes/snowflake-calls.ts'
import { snowflakeLoginCauses } from './causes/snowflake-login.ts'

const table = {
  ...callingCauses,
  ...doorCauses,
  ...deploymentCauses,
  ...snowflakeCallCauses,
  ...snowflakeLoginCauses,
  ...keyPairCauses,
  ...outwardCauses,
} satisfies Record<string, Cause>

export type CauseId = keyof typeof table

/** Every known root cause, with one id each. Ids are stable: programs can branch on them. */
export const causes: Readonly<Record<CauseId, Cause>> = table
