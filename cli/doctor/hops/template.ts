import { stageDocument, stageDocumentKey } from '../../../shared/access/index.ts'
import { changesOf, stageOfTemplate } from '../../deploy/index.ts'
import { compare, NotDerivable } from '../derived/index.ts'
import { edit, type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** The stage was deployed from this map, and its template is the one that the map gives today. */
export const template: Hop = {
  id: 'template',
  title: 'deployed template',
  needs: ['stack', 'polls'],
  check: async (patient) => {
    const { stack, mapName } = patient
    const deployed = (await stack())?.template ?? { Metadata: {}, Resources: {} }
    const changed = sinceDeployed(deployed, patient)
    if (changed.length > 0) return notDeployed(changed, patient)
    try {
      const lines = compare(await patient.derived(), deployed)
      if (lines.length > 0) return notDeployed(lines, patient)
      return passed(`matches ${mapName}`)
    } catch (error) {
      if (!(error instanceof NotDerivable)) throw error
      return failed('map-invalid', { evidence: [error.message], mend: [edit(`${mapName}: ${error.message}`)] })
    }
  },
}

/** A template remembers the stage that it was compiled from; one that does not is older than that. */
const sinceDeployed = (deployed: unknown, { map }: Patient): readonly string[] => {
  const before = stageOfTemplate(deployed)
  const now = stageOfTemplate({ Metadata: { [stageDocumentKey]: stageDocument(map()) } })
  if (typeof before === 'string' || typeof now === 'string') return []
  return changesOf(before, now).flatMap(({ kind, name, changes }) =>
    changes.map(({ sign, what }) => `${kind} ${name}: ${what} (${sign === '+' ? 'not deployed' : 'still deployed'})`),
  )
}

const mostLines = 8

const notDeployed = (lines: readonly string[], patient: Patient): Finding => {
  const more = lines.length > mostLines ? [`… and ${lines.length - mostLines} more`] : []
  return failed('map-not-deployed', {
    evidence: [...lines.slice(0, mostLines), ...more],
    mend: [deployAgain(patient)],
  })
}
