import { deploymentStep, trustDeploymentStep } from './deployment-steps.ts'
import { integrationStep } from './integration-step.ts'
import { keyPairStep } from './key-pair-step.ts'
import { serviceUserStep } from './service-user-step.ts'
import type { SetupContext } from './setup-context.ts'
import type { SetupStep } from './setup-step.ts'
import { externalFunctionStep, loginStep, otherAccountStep, udfStep } from './test-call-steps.ts'
import { trustStep } from './trust-step.ts'

/** All steps of the setup, each after its prerequisites. */
export const createSetupSteps = (setup: SetupContext): readonly SetupStep[] => [
  deploymentStep(setup),
  ...setup.methods.map((way) => integrationStep(setup, way)),
  serviceUserStep(setup),
  trustStep(setup),
  trustDeploymentStep(setup),
  keyPairStep(setup),
  ...(setup.methods.includes('external-functions') ? [externalFunctionStep(setup)] : []),
  ...(setup.methods.includes('external-access') ? [udfStep(setup)] : []),
  otherAccountStep(setup),
  loginStep(setup),
]
