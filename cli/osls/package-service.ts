import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writeBundles } from '../../infra/bundle/bundle-function.ts'
import { type DerivedTemplate, deriveTemplate } from '../../infra/template/derive-template.ts'
import { AccessMapError, readAccessMap, stageOf } from '../../shared/access/index.ts'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { CommandFailure } from '../command-failure.ts'
import { cachedFolder } from './cached-folder.ts'
import { defaultRegion } from './default-region.ts'
import { runOsls } from './run-osls.ts'
import { hashSources } from './source-hash.ts'
import { readsOtherSources } from './variable-sources.ts'

export interface PackageOptions {
  readonly stage: string
  /** Absent: that of serverless.yml. */
  readonly region?: string
  /** Path of the access map. */
  readonly access: string
  /** Of the container that probes as a Fargate task; absent: there is none. */
  readonly probeImage?: string
  /** What osls is started with, for a serverless.yml that reads variables; absent: nothing. */
  readonly env?: Environment
}

export interface ServicePackage {
  /** An absolute path. Other commands get the same folder: nothing in it may be changed. */
  readonly directory: string
  readonly template: unknown
  readonly templateFile: string
}

/**
 * What `osls package` makes of the sources and the map: the bundles of the functions and the compiled template. osls runs only
 * if no earlier run had the same input.
 */
export const packageService = (root: string, options: PackageOptions): Promise<ServicePackage> =>
  createPackage(root, options, { isReused: true })

/**
 * The same for a deployment to AWS, always by a run of osls, which also checks serverless.yml against its schema: it writes the time into the package, and does not deploy a package
 * that is as old as one that it has deployed.
 */
export const packageForAws = (root: string, options: PackageOptions): Promise<ServicePackage> =>
  createPackage(root, options, { isReused: false })

const createPackage = async (
  root: string,
  options: PackageOptions,
  { isReused }: { readonly isReused: boolean },
): Promise<ServicePackage> => {
  const { stage, region = defaultRegion(root) } = options
  const derived = deriveFromMap({ ...options, region })
  const sources = await hashSources(root)
  const isRepeatable = isReused && !readsOtherSources(await readFile(join(root, 'serverless.yml'), 'utf8'))
  const cache = join(root, 'node_modules', '.cache', 'snowgate')
  const directory = await cachedFolder({
    home: join(cache, 'packages'),
    // The map counts as what is derived from it: neither its path nor its other stages are in a package.
    key: isRepeatable ? hashOf([sources, stage, region, derived]) : randomUUID(),
    write: async (folder) => {
      const functions = Object.keys(derived.functions).sort()
      const bundles = await cachedFolder({
        home: join(cache, 'bundles'),
        key: hashOf([sources, functions]),
        write: (bundlesFolder) => writeBundles(root, functions, bundlesFolder),
      })
      await runPackage(root, { ...options, region }, { folder, bundles, isValidated: !isReused })
    },
  })
  const templateFile = join(directory, 'cloudformation-template-update-stack.json')
  return { directory, templateFile, template: JSON.parse(await readFile(templateFile, 'utf8')) }
}

const deriveFromMap = ({
  stage,
  region,
  access,
  probeImage,
}: PackageOptions & { readonly region: string }): DerivedTemplate => {
  try {
    return deriveTemplate(stage, stageOf(readAccessMap(access), stage), region, probeImage)
  } catch (error) {
    if (error instanceof AccessMapError) throw new CommandFailure(error.message)
    throw error
  }
}

const hashOf = (input: unknown): string => createHash('sha256').update(JSON.stringify(input)).digest('hex')

const runPackage = async (
  root: string,
  { stage, region, access, probeImage, env = {} }: PackageOptions & { readonly region: string },
  {
    folder,
    bundles,
    isValidated,
  }: { readonly folder: string; readonly bundles: string; readonly isValidated: boolean },
): Promise<void> => {
  const args = [
    'package',
    '--package',
    folder,
    '--stage',
    stage,
    '--region',
    region,
    '--param',
    `access=${resolve(access)}`,
    '--param',
    `bundles=${bundles}`,
    ...(isValidated ? [] : ['--param', 'validate=no']),
    ...(probeImage === undefined ? [] : ['--param', `probe-image=${probeImage}`]),
  ]
  const { code, output } = await runOsls(root, args, { env })
  if (code !== 0) throw new CommandFailure(`Packaging failed. osls reports:\n${output}`)
}
