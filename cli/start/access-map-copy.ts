import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { MapEdit } from './fault-plan.ts'

export interface AccessMapCopy {
  readonly path: string
  /** In a stage of it; comments and what is not meant stay. */
  readonly edit: (stage: string, edits: readonly MapEdit[]) => Promise<void>
  readonly remove: () => Promise<void>
}

/** A copy of the access map for fault injection: the original stays unchanged. */
export const copyAccessMap = async (access: string): Promise<AccessMapCopy> => {
  const folder = await mkdtemp(join(tmpdir(), 'snowgate-'))
  const path = join(folder, 'access.yml')
  await writeFile(path, await readFile(access))
  return {
    path,
    edit: async (stage, edits) => {
      if (edits.length === 0) return
      const document = parseDocument(await readFile(path, 'utf8'))
      for (const edit of edits) {
        const location = [stage, ...edit.path]
        if (edit.value === undefined) document.deleteIn(location)
        else document.setIn(location, document.createNode(edit.value))
      }
      await writeFile(path, document.toString({ lineWidth: 0 }))
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
