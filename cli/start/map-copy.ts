import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { MapEdit } from './faults.ts'

export interface MapCopy {
  readonly path: string
  /** In a stage of it; comments and what is not meant stay. */
  readonly edit: (stage: string, edits: readonly MapEdit[]) => Promise<void>
  readonly remove: () => Promise<void>
}

/** A copy of the access map, which may be broken and mended while the map itself stays as it is. */
export const copyMap = async (access: string): Promise<MapCopy> => {
  const folder = await mkdtemp(join(tmpdir(), 'snowgate-'))
  const path = join(folder, 'access.yml')
  await writeFile(path, await readFile(access))
  return {
    path,
    edit: async (stage, edits) => {
      if (edits.length === 0) return
      const document = parseDocument(await readFile(path, 'utf8'))
      for (const edit of edits) {
        const place = [stage, ...edit.path]
        if (edit.value === undefined) document.deleteIn(place)
        else document.setIn(place, document.createNode(edit.value))
      }
      await writeFile(path, document.toString({ lineWidth: 0 }))
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
