import { randomUUID } from 'node:crypto'
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { parseAccessMap, type Stage, stageOf } from '../../shared/access/index.ts'
import { CommandFailure } from '../command-failure.ts'
import { readStage } from '../read-stage.ts'

/** The access map on disk, read anew each time: a step before has changed it. */
export interface MapFile {
  /** Absolute. */
  readonly path: string
  readonly text: () => string
  readonly stage: () => Stage
  /**
   * Puts the new text in the place of the old one, all at once: whoever is interrupted leaves one of the two.
   * @throws CommandFailure when the file is not what was shown any more
   */
  readonly write: (before: string, after: string) => void
  /** For a dry run: what comes after sees this text, and nobody else does. */
  readonly assume: (after: string) => void
}

export const mapFile = (path: string, stage: string): MapFile => {
  let assumed: string | undefined
  const text = () => assumed ?? readFileSync(path, 'utf8')
  return {
    path,
    text,
    stage: () => (assumed === undefined ? readStage(path, stage) : stageOf(parseAccessMap(assumed), stage)),
    assume: (after) => {
      assumed = after
    },
    write: (before, after) => {
      if (text() !== before) {
        throw new CommandFailure(`${path} changed in the meantime. Nothing was written.`, {
          remedy: 'Run the command again.',
        })
      }
      const target = realpathSync(path)
      const draft = `${target}.${randomUUID()}.draft`
      try {
        writeFileSync(draft, after, { mode: statSync(target).mode, flag: 'wx' })
        renameSync(draft, target)
      } catch (error) {
        rmSync(draft, { force: true })
        throw new CommandFailure(`Cannot write ${path}: ${error instanceof Error ? error.message : error}`)
      }
    },
  }
}
