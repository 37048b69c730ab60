import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { Stage } from '../../shared/access/index.ts'
import { alignColumns } from '../align-columns.ts'
import { usageFailure } from '../command-failure.ts'
import { type AccessChange, changesOf, renderChanges } from '../deploy/access-changes.ts'
import { createAwsTarget } from '../deploy/aws-target.ts'
import { confirmChanges } from '../deploy/confirm-changes.ts'
import type { DeployedService, DeployTarget } from '../deploy/deploy-target.ts'
import { stageOfTemplate } from '../deploy/deployed-stage.ts'
import { lintTemplate } from '../deploy/lint-template.ts'
import { createLocalTarget } from '../deploy/local-target.ts'
import { callerRolesOf, nextSteps } from '../deploy/next-steps.ts'
import type { CommandContext } from '../io.ts'
import { createLocalStackClient, stackOption } from '../local-stack/local-stack-client.ts'
import { defaultRegion } from '../osls/default-region.ts'
import { packageForAws, packageService, type ServicePackage } from '../osls/package-service.ts'
import { readStage } from '../read-access-map-stage.ts'

interface DeployOptions {
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
const defaultAccessMap = join(root, 'access.yml')

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
    .action((options: DeployOptions) => deploy(context, options))

const deploy = async (context: CommandContext, options: DeployOptions): Promise<void> => {
  // On the way; what comes of it goes to standard output.
  const printProgress = (line: string): void => {
    context.stderr.write(`${line}\n`)
  }
  if (options.local && options.profile !== undefined) throw usageFailure('--local and --profile cannot be combined.')
  if (options.local && options.probeImage !== undefined)
    throw usageFailure('The local stack does not run Fargate tasks.')
  const access = await accessMapPath(context, options)
  const stage = readStage(access, options.stage)
  const target = await createTarget(options, access, context)
  const before = await target.currentStage()

  printProgress(`Packaging functions and compiling the template for stage ${options.stage} …`)
  const { probeImage } = options
  const servicePackage = await (options.local ? packageService : packageForAws)(root, {
    stage: options.stage,
    env: context.env,
    region: target.region,
    access,
    ...(probeImage !== undefined && { probeImage }),
  })
  if (!options.local) await lint(servicePackage, target, context)

  const after = stageOfTemplate(servicePackage.template)
  const changes = changesOf(stageOrUndefined(before), stageOrUndefined(after))
  printProgress(
    `\n${introduction(before, changes)} for stage ${options.stage} (${target.name})${changes.length === 0 ? '.' : ':'}`,
  )
  if (changes.length > 0) printProgress(`\n${renderChanges(changes).trimEnd()}`)
  if (options.dryRun) return print({ changes, deployedService: null, stage }, { ...options, access }, context)

  printProgress('')
  if (changes.length > 0 && !options.yes) await confirmChanges('Deploy this? [y/N]', ['y', 'yes'], context)
  const deployed = await target.deploy(servicePackage)
  print({ changes, deployedService: deployed, stage }, { ...options, access }, context)
}

/** The local stack knows from which map it was started. */
const accessMapPath = async ({ cwd }: CommandContext, { access, local, stack }: DeployOptions): Promise<string> => {
  if (access !== undefined) return resolve(cwd, access)
  return local ? (await createLocalStackClient(stack).service()).accessMap : defaultAccessMap
}

const createTarget = (
  { stage, stack, local, profile, region }: DeployOptions,
  access: string,
  { env, stderr }: CommandContext,
): Promise<DeployTarget> => {
  if (local) return createLocalTarget({ url: stack, stage, region, access })
  const progress = (line: string) => line.trim() && stderr.write(`  ${line.trim()}\n`)
  return createAwsTarget({ root, env, stage, access, region: region ?? defaultRegion(root), profile, progress })
}

const lint = async (
  { templateFile }: ServicePackage,
  { region }: DeployTarget,
  { env, stderr }: CommandContext,
): Promise<void> => {
  const output = await lintTemplate({ root, env, templateFile, region })
  if (output !== undefined) stderr.write(`${output === '' ? 'cfn-lint found no problems in the template.' : output}\n`)
}

type CurrentStage = Awaited<ReturnType<DeployTarget['currentStage']>>

const stageOrUndefined = (found: CurrentStage): Exclude<CurrentStage, string> | undefined =>
  typeof found === 'string' ? undefined : found

const introduction = (before: CurrentStage, changes: readonly AccessChange[]): string => {
  if (before === 'not-deployed') return 'First deployment'
  if (before === 'unknown') return 'The deployed template has no access map, so every entry is shown as new'
  return changes.length === 0 ? 'No access changes' : 'Access changes'
}

interface DeployResult {
  readonly changes: readonly AccessChange[]
  /** Null: nothing was. */
  readonly deployedService: DeployedService | null
  readonly stage: Stage
}

/** As JSON, or as text. */
const print = (
  { changes, deployedService, stage }: DeployResult,
  options: DeployOptions & { readonly access: string },
  { stdout }: CommandContext,
): void => {
  const { stage: stageName, json } = options
  const callerRoles = deployedService
    ? callerRolesOf({ stage, stageName, deployed: deployedService })
    : new Map<string, string>()
  if (json) {
    const report = {
      stage: stageName,
      changes,
      deployed: deployedService && { ...deployedService, callerRoles: Object.fromEntries(callerRoles) },
    }
    stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    return
  }
  if (!deployedService) return
  const flags = repeatedFlags(options)
  const rows = [...callerRoles].map(([name, arn]) => ['', `caller role of ${name}`, arn])
  const api = deployedService.apiUrl === undefined ? [] : [['', 'API', deployedService.apiUrl]]
  stdout.write(`\nDeployed.\n\n${alignColumns([...api, ...rows])}\nNext:\n\n`)
  for (const { caller, command: what } of nextSteps({ stage, stageName, flags, deployed: deployedService })) {
    stdout.write(`  ${caller}:\n    ${what}\n`)
  }
}

const repeatedFlags = ({ access, profile, region, local }: DeployOptions): readonly string[] => [
  ...(access === defaultAccessMap ? [] : [`--access ${access}`]),
  ...(profile === undefined ? [] : [`--profile ${profile}`]),
  ...(region === undefined || local ? [] : [`--region ${region}`]),
]
