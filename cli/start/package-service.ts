import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { CommandFailure } from '../command-failure.ts'

export interface Order {
  readonly stage: string
  readonly region?: string
  /** Path of the trust map. */
  readonly access: string
}

/** `osls package`: bundles the functions and compiles the template into `.serverless/` of the repository. */
export const packageService = async (root: string, { stage, region, access }: Order): Promise<void> => {
  const bin = join(root, 'node_modules', '.bin')
  const args = [
    'package',
    ...['--param', `access=${access}`, '--stage', stage],
    ...(region === undefined ? [] : ['--region', region]),
  ]
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    // Compiling its schemas takes osls longer than all the rest.
    SLS_SCHEMA_CACHE_BASE_DIR: join(root, 'node_modules', '.cache'),
  }
  await promisify(execFile)(join(bin, 'osls'), args, { cwd: root, env }).catch(({ stdout, stderr }) => {
    throw new CommandFailure(`The service could not be packaged. osls says:\n${stdout}${stderr}`)
  })
}
