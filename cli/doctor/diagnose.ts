import { AccessMapError, type Stage } from '../../shared/access/index.ts'
import { chain } from './chain.ts'
import type { Hop } from './hop.ts'
import { type Order, openPatient, type Patient } from './patient.ts'
import { type Report, walk } from './walk.ts'

interface Watching {
  readonly begins: (hop: Hop) => void
  readonly ends: (report: Report) => void
}

/** Looks at everything between the parties of a stage. `mapName` is how people know the map. */
export const diagnose = (order: Order, mapName: string, watching: Watching): Promise<readonly Report[]> => {
  const patient = openPatient(order, mapName)
  return walk(chain(stageOf(patient)), patient, watching)
}

/** Undefined where the map cannot be read: its own hop says why. */
const stageOf = ({ map }: Patient): Stage | undefined => {
  try {
    return map()
  } catch (error) {
    if (error instanceof AccessMapError) return undefined
    throw error
  }
}
