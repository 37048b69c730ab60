import { command, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** The stage is deployed, and the deployment is at its end. */
export const stack: Hop = {
  id: 'stack',
  title: 'deployed stage',
  needs: ['identity'],
  check: async (patient) => {
    const found = await patient.stack()
    const { region, accountId } = await patient.place()
    const where = `in ${region} of account ${accountId}`
    if (!found) return notDeployed(patient, `there is no stack ${patient.stackName} ${where}`)
    const { status, lastUpdated } = found
    if (/IN_PROGRESS$/.test(status)) {
      return { outcome: 'not reached', why: `a deployment of ${patient.stackName} is under way (${status})` }
    }
    if (/^ROLLBACK_|_FAILED$/.test(status))
      return notDeployed(patient, `the stack ${patient.stackName} ${where} is ${status}`)
    return passed(`${patient.stackName} ${where}, ${status} ${lastUpdated?.toISOString() ?? ''}`.trim())
  },
}

const notDeployed = async (patient: Patient, seen: string) => {
  const { order } = patient
  if (order.world.kind === 'aws') return failed('not-deployed', { evidence: [seen], mend: [deployAgain(patient)] })
  const { stage } = await order.world.stack.service()
  return failed('not-deployed', {
    evidence: [seen, `the local stack runs the stage ${stage}`],
    mend: [command(`npx snowgate start --stage ${order.stage}`)],
  })
}
