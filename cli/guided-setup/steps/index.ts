import type { Setup } from '../setup.ts'
import type { Step } from '../step.ts'
import { deployed, trustDeployed } from './deployment.ts'
import { externalFunctionGreets, otherAccountGreets, probeLogsIn, udfGreets } from './greetings.ts'
import { integrations } from './integrations.ts'
import { keyPair } from './key-pair.ts'
import { serviceUser } from './service-user.ts'
import { trustInMap } from './trust.ts'

/** The set-up from shut doors to greetings, each step after those that it needs. */
export const stepsOf = (setup: Setup): readonly Step[] => [
  deployed(setup),
  ...setup.ways.map((way) => integrations(setup, way)),
  serviceUser(setup),
  trustInMap(setup),
  trustDeployed(setup),
  keyPair(setup),
  ...(setup.ways.includes('external-functions') ? [externalFunctionGreets(setup)] : []),
  ...(setup.ways.includes('external-access') ? [udfGreets(setup)] : []),
  otherAccountGreets(setup),
  probeLogsIn(setup),
]
