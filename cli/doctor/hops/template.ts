import { compare, NotDerivable } from '../derived/index.ts'
import { edit, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain } from '../mends.ts'

const mostLines = 8

/** The template of the deployed stack is the one that the map gives. */
export const template: Hop = {
  id: 'template',
  title: 'template against access.yml',
  needs: ['stack', 'polls'],
  check: async (patient) => {
    const { derived, stack, mapName } = patient
    try {
      const wanted = await derived()
      const deployed = await stack()
      const lines = compare(wanted, deployed?.template ?? { Resources: {} })
      if (lines.length === 0)
        return passed(`every role, policy, permission, function and method is as ${mapName} has it`)
      const more = lines.length > mostLines ? [`… and ${lines.length - mostLines} more`] : []
      return failed('map-not-deployed', {
        evidence: [...lines.slice(0, mostLines), ...more],
        mend: [deployAgain(patient)],
      })
    } catch (error) {
      if (!(error instanceof NotDerivable)) throw error
      return failed('map-invalid', { evidence: [error.message], mend: [edit(`${mapName}: ${error.message}`)] })
    }
  },
}
