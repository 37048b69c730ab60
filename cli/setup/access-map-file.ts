import { randomUUID } from 'node:crypto'
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { parseAccessMap, type Stage, stageOf } from '../../shared/access/index.ts'
import { CommandFailure } from '../command-failure.ts'
import { readStage } from '../read-access-map-stage.ts'

/** The access map on disk, read anew each time: a step before has changed it. */
export interface AccessMapFile {
  /** Absolute. */
  readonly path: string
  readonly text: () => string
  readonly stage: () => Stage
  /**
   * Replaces the text atomically.
   * @throws CommandFailure if the file has changed since it was read
   */
  readonly write: (before: string, after: string) => void
  /** For a dry run: later steps read this text, and the file stays unchanged. */
  readonly preview: (after: string) => void
}

export const openAccessMapFile = (path: string, stage: string): AccessMapFile => {
  let previewText: string | undefined
  const text = () => previewText ?? readFileSync(path, 'utf8')
  return {
    path,
    text,
    stage: () => (previewText === undefined ? readStage(path, stage) : stageOf(parseAccessMap(previewText), stage)),
    preview: (after) => {
      previewText = after
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
