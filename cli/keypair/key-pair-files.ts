import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure } from '../command-failure.ts'
import type { KeypairResult } from './keypair-context.ts'

const fileNames = ['private-key.p8', 'passphrase.txt', 'public-key.pub'] as const

/** @throws CommandFailure if one of the files exists, before anything else happens */
export const rejectExistingFiles = async (directory: string): Promise<void> => {
  for (const path of fileNames.map((name) => join(directory, name))) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) throw new CommandFailure(`${path} already exists.`, { remedy: 'Pass another directory to --out.' })
  }
}

/** Writes files that only their owner can read, and overwrites none. */
export const writeFiles = async (
  directory: string,
  { pair, publicHalf }: KeypairResult,
): Promise<readonly string[]> => {
  const publicPem = [
    '-----BEGIN PUBLIC KEY-----',
    ...(publicHalf.body.match(/.{1,64}/g) ?? []),
    '-----END PUBLIC KEY-----',
    '',
  ]
  const contents = [pair.pem, pair.passphrase, publicPem.join('\n')]
  const paths = fileNames.map((name) => join(directory, name))
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    for (const [index, path] of paths.entries()) {
      await writeFile(path, contents[index] ?? '', { mode: 0o600, flag: 'wx' })
    }
  } catch (error) {
    throw new CommandFailure(`Cannot write the files: ${error instanceof Error ? error.message : error}`, {
      remedy: 'The key pair is stored. Run the command again with another --out directory.',
    })
  }
  return paths
}
