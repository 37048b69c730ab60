import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { Stage } from '../../shared/access/index.ts'
import { usageFailure } from '../command-failure.ts'
import {
  awsWorld,
  type Changed,
  changesOf,
  confirm,
  type Deployed,
  doorsOf,
  lintTemplate,
  localWorld,
  nextSteps,
  renderChanges,
  stageOfTemplate,
  type World,
} from '../deploy/index.ts'
import type { CommandContext } from '../io.ts'
import { openLocalStack, stackOption } from '../local-stack/index.ts'
import { defaultRegion, packageForAws, packageService, type ServicePackage } from '../osls/index.ts'
import { readStage } from '../read-stage.ts'
import { table } from '../table.ts'

interface Options {
  readonly stage: string
  readonly region?: string
  readonly profile?: string
  readonly access?: string
  readonly probeImage?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly local?: boolean
  readonly stack: string
}

const root = join(import.meta.dirname, '..', '..')
const shippedMap = join(root, 'access.yml')

export const createDeployCommand = (context: CommandContext): Command =>
  new Command('deploy')
    .requiredOption('--stage <name>', 'stage of the access map')
    .option('--region <name>', 'region to deploy to (default: region of serverless.yml, or of the local stack)')
    .option('--profile <name>', 'AWS profile (default: the AWS SDK credential chain)')
    .option('--access <path>', 'access map (default: access.yml, or the map of the local stack)')
    .option('--probe-image <image>', 'also deploy the probe as a Fargate task from this image')
    .option('--yes', 'deploy without confirmation, even when access is granted')
    .option('--dry-run', 'show access changes without deploying')
    .option('--json', 'print access changes and deployment as JSON')
    .option('--local', 'deploy to the running local stack; ids, keys and Snowflake objects are kept')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate deploy --stage dev --dry-run
  snowgate deploy --stage prod --region eu-central-1 --profile work
  snowgate deploy --stage dev --local

If AWS_ENDPOINT_URL is set, --aws deploys to that endpoint.`,
    )
    .action((options: Options) => deploy(context, options))

const deploy = async (context: CommandContext, options: Options): Promise<void> => {
  // On the way; what comes of it goes to standard output.
  const say = (line: string): void => {
    context.stderr.write(`${line}\n`)
  }
  if (options.local && options.profile !== undefined) throw usageFailure('--local and --profile cannot be combined.')
  if (options.local && options.probeImage !== undefined)
    throw usageFailure('The local stack does not run Fargate tasks.')
  const access = await mapOf(context, options)
  const stage = readStage(access, options.stage)
  const world = await worldOf(options, access, context)
  const before = await world.deployed()

  say(`Packaging functions and compiling the template for stage ${options.stage} …`)
  const { probeImage } = options
  const servicePackage = await (options.local ? packageService : packageForAws)(root, {
    stage: options.stage,
    env: context.env,
    region: world.region,
    access,
    ...(probeImage !== undefined && { probeImage }),
  })
  if (!options.local) await lint(servicePackage, world, context)

  const after = stageOfTemplate(servicePackage.template)
  const changes = changesOf(known(before), known(after))
  say(
    `\n${introduction(before, changes)} for stage ${options.stage} (${world.name})${changes.length === 0 ? '.' : ':'}`,
  )
  if (changes.length > 0) say(`\n${renderChanges(changes).trimEnd()}`)
  if (options.dryRun) return print({ changes, deployed: null, stage }, { ...options, access }, context)

  say('')
  if (changes.length > 0 && !options.yes) await confirm('Deploy this? [y/N]', ['y', 'yes'], context)
  const deployed = await world.deploy(servicePackage)
  print({ changes, deployed, stage }, { ...options, access }, context)
}

/** The local stack knows from which map it was started. */
const mapOf = async ({ cwd }: CommandContext, { access, local, stack }: Options): Promise<string> => {
  if (access !== undefined) return resolve(cwd, access)
  return local ? (await openLocalStack(stack).service()).accessMap : shippedMap
}

const worldOf = (
  { stage, stack, local, profile, region }: Options,
  access: string,
  { env, stderr }: CommandContext,
): Promise<World> => {
  if (local) return localWorld({ url: stack, stage, region, access })
  const progress = (line: string) => line.trim() && stderr.write(`  ${line.trim()}\n`)
  return awsWorld({ root, env, stage, access, region: region ?? defaultRegion(root), profile, progress })
}

const lint = async (
  { templateFile }: ServicePackage,
  { region }: World,
  { env, stderr }: CommandContext,
): Promise<void> => {
  const said = await lintTemplate({ root, env, templateFile, region })
  if (said !== undefined) stderr.write(`${said === '' ? 'cfn-lint found no problems in the template.' : said}\n`)
}

type Found = Awaited<ReturnType<World['deployed']>>

const known = (found: Found): Exclude<Found, string> | undefined => (typeof found === 'string' ? undefined : found)

const introduction = (before: Found, changes: readonly Changed[]): string => {
  if (before === 'not-deployed') return 'First deployment'
  if (before === 'unknown') return 'The deployed template has no access map, so every entry is shown as new'
  return changes.length === 0 ? 'No access changes' : 'Access changes'
}

interface Outcome {
  readonly changes: readonly Changed[]
  /** Null: nothing was. */
  readonly deployed: Deployed | null
  readonly stage: Stage
}

/** What a program wants to know, or people. */
const print = (
  { changes, deployed, stage }: Outcome,
  options: Options & { readonly access: string },
  { stdout }: CommandContext,
): void => {
  const { stage: stageName, json } = options
  const doors = deployed ? doorsOf({ stage, stageName, deployed }) : new Map<string, string>()
  if (json) {
    const told = {
      stage: stageName,
      changes,
      deployed: deployed && { ...deployed, callerRoles: Object.fromEntries(doors) },
    }
    stdout.write(`${JSON.stringify(told, null, 2)}\n`)
    return
  }
  if (!deployed) return
  const flags = flagsToRepeat(options)
  const rows = [...doors].map(([name, arn]) => ['', `caller role of ${name}`, arn])
  const api = deployed.apiUrl === undefined ? [] : [['', 'API', deployed.apiUrl]]
  stdout.write(`\nDeployed.\n\n${table([...api, ...rows])}\nNext:\n\n`)
  for (const { caller, what } of nextSteps({ stage, stageName, flags, deployed })) {
    stdout.write(`  ${caller}:\n    ${what}\n`)
  }
}

const flagsToRepeat = ({ access, profile, region, local }: Options): readonly string[] => [
  ...(access === shippedMap ? [] : [`--access ${access}`]),
  ...(profile === undefined ? [] : [`--profile ${profile}`]),
  ...(region === undefined || local ? [] : [`--region ${region}`]),
]
