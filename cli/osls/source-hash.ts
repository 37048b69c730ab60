import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The sources of the package without the access map, relative to the root of the repository. */
const folders = ['functions', 'infra', 'shared']
const files = [
  'serverless.yml',
  'package.json',
  'package-lock.json',
  // The installed packages, which differ from the lock until npm has run.
  'node_modules/.package-lock.json',
  // esbuild reads it.
  'tsconfig.json',
]

/** A hash over names and contents. It is the same in a copy of the repository. */
export const hashSources = async (root: string): Promise<string> => {
  const listed = await Promise.all(folders.map((folder) => filesBelow(root, folder)))
  const hash = createHash('sha256')
  for (const path of [...listed.flat().sort(), ...files]) {
    const contents = await contentsOf(join(root, path))
    hash.update(`${path}\0${contents?.length}\0`).update(contents ?? '')
  }
  return hash.digest('hex')
}

const filesBelow = async (root: string, folder: string): Promise<readonly string[]> => {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
}

const contentsOf = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
