import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface CachedFolderOptions {
  /** Where the folders of one kind are kept. */
  readonly home: string
  /** Hash of everything that the contents depend on. */
  readonly key: string
  /** Writes the contents into an empty folder. */
  readonly write: (folder: string) => Promise<void>
}

/**
 * The folder of a key, written once. It appears complete or not at all: it is written under another name and then renamed. A
 * second process that wants the same folder waits for the first.
 */
export const cachedFolder = async ({ home, key, write }: CachedFolderOptions): Promise<string> => {
  const folder = join(home, key)
  if (await markUsed(folder)) return folder
  await mkdir(home, { recursive: true })
  const lock = `${folder}${lockSuffix}`
  while (!(await takeLock(lock))) {
    await sleep(50)
    if (await markUsed(folder)) return folder
    if (await isAbandoned(lock)) await rm(lock, { force: true })
  }
  try {
    if (await markUsed(folder)) return folder
    await writeFolder(folder, await mkdtemp(join(home, draftPrefix)), write)
  } finally {
    await rm(lock, { force: true })
  }
  await prune(home)
  return folder
}

const lockSuffix = '.lock'
const draftPrefix = 'draft-'

/** Whether the folder exists. Its modification time is the time of the last use. */
const markUsed = async (folder: string): Promise<boolean> => {
  const now = new Date()
  try {
    await utimes(folder, now, now)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

const writeFolder = async (folder: string, draft: string, write: CachedFolderOptions['write']): Promise<void> => {
  try {
    await write(draft)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Two processes wrote it after all, when both found the lock abandoned: the contents are the same.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  }
}

const takeLock = async (lock: string): Promise<boolean> => {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Longer than osls takes on a busy machine. */
const longestWriteMs = 120_000

/** Whether the process that took the lock has ended, or cannot be known to run: then another may write the folder. */
const isAbandoned = async (lock: string): Promise<boolean> => {
  try {
    if (Date.now() - (await stat(lock)).mtimeMs > longestWriteMs) return true
    const processId = Number(await readFile(lock, 'utf8'))
    // Its number is written a moment after the file appears.
    return processId > 0 && !isRunning(processId)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0)
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

const maxFolders = 50
const dayMs = 86_400_000

/** Removes drafts and locks of processes that ended, and of the folders those unused for a day, beyond the fifty last used. */
const prune = async (home: string): Promise<void> => {
  const found = await Promise.all(
    (await readdir(home)).map(async (name) => ({ name, usedAt: await timeOf(join(home, name)) })),
  )
  const stale = found.filter(({ usedAt }) => Date.now() - usedAt > dayMs)
  const isFolder = ({ name }: { readonly name: string }) => !name.startsWith(draftPrefix) && !name.endsWith(lockSuffix)
  const recentFolders = new Set(
    found
      .filter(isFolder)
      .sort((one, other) => other.usedAt - one.usedAt)
      .slice(0, maxFolders),
  )
  for (const one of stale) {
    if (!recentFolders.has(one)) await rm(join(home, one.name), { recursive: true, force: true })
  }
}

/** The present for what another process has just removed. */
const timeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return Date.now()
    throw error
  }
}

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))
