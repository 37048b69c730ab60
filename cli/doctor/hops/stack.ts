import { command, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** The stage is deployed, and the deployment is at its end. */
export const stack: Hop = {
  id: 'stack',
  title: 'CloudFormation stack',
  needs: ['identity'],
  check: async (patient) => {
    const found = await patient.stack()
    const { region, accountId } = await patient.place()
    const where = `in account ${accountId}, ${region}`
    if (!found) return notDeployed(patient, `stack ${patient.stackName} does not exist ${where}`)
    const { status, lastUpdated } = found
    if (/IN_PROGRESS$/.test(status)) {
      return { outcome: 'skipped', reason: `a deployment of ${patient.stackName} is in progress (${status})` }
    }
    if (/^ROLLBACK_|_FAILED$/.test(status))
      return notDeployed(patient, `stack ${patient.stackName} ${where} is ${status}`)
    return passed(`${patient.stackName} ${where}, ${status} ${lastUpdated?.toISOString() ?? ''}`.trim())
  },
}

const notDeployed = async (patient: Patient, seen: string) => {
  const { order } = patient
  if (order.world.kind === 'aws') return failed('not-deployed', { evidence: [seen], mend: [deployAgain(patient)] })
  const { stage } = await order.world.stack.service()
  return failed('not-deployed', {
    evidence: [seen, `the local stack runs stage ${stage}`],
    mend: [command(`npx snowgate start --stage ${order.stage}`)],
  })
}
