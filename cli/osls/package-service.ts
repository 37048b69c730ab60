import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure } from '../command-failure.ts'
import { runOsls } from './run-osls.ts'

export interface Order {
  readonly stage: string
  readonly region?: string
  /** Path of the trust map. */
  readonly access: string
  /** Of the container that probes as a Fargate task; absent: there is none. */
  readonly probeImage?: string
}

export interface ServicePackage {
  readonly directory: string
  readonly template: unknown
  readonly templateFile: string
}

/** `osls package`: bundles the functions and compiles the template into `.serverless/` of the repository. */
export const packageService = async (
  root: string,
  { stage, region, access, probeImage }: Order,
): Promise<ServicePackage> => {
  const { code, said } = await runOsls(root, [
    'package',
    ...['--param', `access=${access}`, '--stage', stage],
    ...(region === undefined ? [] : ['--region', region]),
    ...(probeImage === undefined ? [] : ['--param', `probe-image=${probeImage}`]),
  ])
  if (code !== 0) throw new CommandFailure(`The service could not be packaged. osls says:\n${said}`)
  const directory = join(root, '.serverless')
  const templateFile = join(directory, 'cloudformation-template-update-stack.json')
  return { directory, templateFile, template: JSON.parse(await readFile(templateFile, 'utf8')) }
}
