import { AccessMapError, type Stage } from '../../shared/access/index.ts'
import { accessMapCheck, pollRoutesCheck } from './access-map.ts'
import { credentialsCheck, identityCheck, stsRegionCheck } from './aws-identity.ts'
import { callerRoleChecks } from './caller-role.ts'
import type { Check } from './check.ts'
import { stackCheck, templateCheck } from './deployment.ts'
import { createDoctorContext, type DoctorContext, type DoctorOptions } from './doctor-context.ts'
import { sqlFunctionChecks } from './external-functions.ts'
import { helloCallChecks, unsignedRequestCheck } from './hello-requests.ts'
import { parametersCheck } from './key-pair-parameters.ts'
import { functionChecks } from './lambda-functions.ts'
import { permissionChecks } from './lambda-permissions.ts'
import { resourcePolicyCheck } from './resource-policy.ts'
import { endpointCheck, routesCheck } from './rest-api.ts'
import { type CheckReport, runChecks } from './run-checks.ts'
import { serviceUserCheck } from './service-user.ts'
import { integrationChecks } from './snowflake-integrations.ts'
import { loginChecks } from './snowflake-login.ts'

/**
 * All checks, in the order of their prerequisites. A new check is a file of this folder and a line here. Without a stage,
 * since the map cannot be read, there are no checks of callers and functions.
 */
export const createChecks = (stage: Pick<Stage, 'callers'> = { callers: new Map() }): readonly Check[] => [
  accessMapCheck,
  pollRoutesCheck,
  credentialsCheck,
  identityCheck,
  stsRegionCheck,
  stackCheck,
  templateCheck,
  endpointCheck,
  routesCheck,
  resourcePolicyCheck,
  unsignedRequestCheck,
  ...callerRoleChecks(stage),
  ...permissionChecks(stage),
  ...functionChecks(stage),
  parametersCheck,
  ...integrationChecks(stage),
  ...sqlFunctionChecks(stage),
  serviceUserCheck,
  ...loginChecks(stage),
  ...helloCallChecks(stage),
]

interface CheckProgress {
  readonly started: (check: Check) => void
  readonly finished: (report: CheckReport) => void
}

/** Runs all checks of a stage. `mapName` is the name of the map in the output. */
export const runDoctorChecks = (
  options: DoctorOptions,
  mapName: string,
  progress: CheckProgress,
): Promise<readonly CheckReport[]> => {
  const context = createDoctorContext(options, mapName)
  return runChecks(createChecks(stageOrUndefined(context)), context, progress)
}

/** Undefined if the map cannot be read: its own check reports the error. */
const stageOrUndefined = ({ map }: DoctorContext): Stage | undefined => {
  try {
    return map()
  } catch (error) {
    if (error instanceof AccessMapError) return undefined
    throw error
  }
}
