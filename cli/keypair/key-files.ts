import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure } from '../command-failure.ts'
import type { Outcome } from './means.ts'

const names = ['private-key.p8', 'passphrase.txt', 'public-key.pub'] as const

/** @throws CommandFailure when one of the files is there: before anything else is done */
export const refuseFiles = async (directory: string): Promise<void> => {
  for (const path of names.map((name) => join(directory, name))) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) throw new CommandFailure(`${path} already exists.`, { remedy: 'Pass another directory to --out.' })
  }
}

/** Readable by their owner alone, and never in the place of others. */
export const writeFiles = async (directory: string, { pair, half }: Outcome): Promise<readonly string[]> => {
  const publicPem = [
    '-----BEGIN PUBLIC KEY-----',
    ...(half.body.match(/.{1,64}/g) ?? []),
    '-----END PUBLIC KEY-----',
    '',
  ]
  const contents = [pair.pem, pair.passphrase, publicPem.join('\n')]
  const paths = names.map((name) => join(directory, name))
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
