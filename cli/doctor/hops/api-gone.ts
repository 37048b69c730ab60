import { type Failure, failed } from '../finding.ts'
import { deployAgain } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** The stack has an API that API Gateway does not have, or one without the stage: somebody removed it by hand. */
export const apiGone = async (patient: Patient): Promise<Failure> => {
  const id = await patient.restApiId()
  const what = (await patient.savedApi()) ? `has no stage ${patient.order.stage}` : 'does not exist'
  return failed('not-deployed', {
    evidence: [`API ${id} of stack ${patient.stackName} ${what}`],
    mend: [deployAgain(patient)],
  })
}
