import { AccessMapError, readAccessMap, type Stage, stageOf } from '../shared/access/index.ts'
import { CommandFailure } from './command-failure.ts'

/** A stage of the map; what is wrong with the map is the command's failure, all of it at once. */
export const readStage = (path: string, stage: string): Stage => {
  try {
    return stageOf(readAccessMap(path), stage)
  } catch (error) {
    if (error instanceof AccessMapError) throw new CommandFailure(error.message)
    throw error
  }
}
