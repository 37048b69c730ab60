import { callingCauses } from './causes/calling.ts'
import type { Cause } from './causes/cause.ts'
import { deploymentCauses } from './causes/deployment.ts'
import { doorCauses } from './causes/doors.ts'
import { keyPairCauses } from './causes/key-pair.ts'
import { outwardCauses } from './causes/outward.ts'
import { snowflakeCallCauses } from './causes/snowflake-calls.ts'
import { snowflakeLoginCauses } from './causes/snowflake-login.ts'

/** Everything that can be broken between the parties, one id for one thing. Ids are stable: programs branch on them. */
export const causes = {
  ...callingCauses,
  ...doorCauses,
  ...deploymentCauses,
  ...snowflakeCallCauses,
  ...snowflakeLoginCauses,
  ...keyPairCauses,
  ...outwardCauses,
} as const satisfies Record<string, Cause>

export type CauseId = keyof typeof causes
