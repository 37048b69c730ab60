import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { alignColumns } from '../align-columns.ts'
import { CommandFailure, exitCodes, usageFailure } from '../command-failure.ts'
import { createAwsTarget } from '../deploy/aws-target.ts'
import { confirmChanges } from '../deploy/confirm-changes.ts'
import type { DeployTarget } from '../deploy/deploy-target.ts'
import { parseDeployedApi } from '../deploy/deployed-api.ts'
import { lintTemplate } from '../deploy/lint-template.ts'
import { createLocalTarget } from '../deploy/local-target.ts'
import type { CommandContext } from '../io.ts'
import { awsKeypairBackend, localKeypairBackend } from '../keypair/keypair-backend.ts'
import {
  createLocalStackClient,
  defaultStackUrl,
  type LocalStackClient,
  stackOption,
} from '../local-stack/local-stack-client.ts'
import { defaultRegion } from '../osls/default-region.ts'
import { packageForAws, packageService } from '../osls/package-service.ts'
import { openAccessMapFile } from '../setup/access-map-file.ts'
import { callerScript, connectionMethods } from '../setup/caller-script.ts'
import { readPastedTrust } from '../setup/paste-description.ts'
import { runSetupSteps, type SetupReport } from '../setup/run-setup-steps.ts'
import type { SetupContext } from '../setup/setup-context.ts'
import { createSetupSteps } from '../setup/setup-steps.ts'
import { selectSnowflakeCaller } from '../setup/snowflake-caller.ts'
import { resolveIssuer } from '../setup/token-issuer.ts'
import { createDriverConnection } from '../snowflake/driver-connection.ts'
import { createLocalConnection } from '../snowflake/local-connection.ts'
import type { SnowflakeConnection } from '../snowflake/snowflake-connection.ts'
import { createSetupSqlCommand } from './setup-sql.ts'

interface SetupOptions {
  readonly stage: string
  readonly caller?: string
  readonly access: string
  readonly externalAccess: boolean
  readonly worksheet?: boolean
  readonly desc?: string
  readonly aws?: boolean
  readonly connection?: string
  readonly profile?: string
  readonly region?: string
  readonly issuer?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly stack: string
}

const root = join(import.meta.dirname, '..', '..')
const defaultAccessMap = join(root, 'access.yml')

export const createSetupCommand = (context: CommandContext): Command =>
  new Command('setup')
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--caller <name>', 'Snowflake caller (required if the stage has more than one)')
    .option('--access <path>', 'access map; setup writes the trust into it', defaultAccessMap)
    .option(
      '--no-external-access',
      'skip the Python functions (Snowflake trial accounts do not support external access)',
    )
    .option('--worksheet', 'print the statements for a Snowflake worksheet and prompt for the DESC INTEGRATION output')
    .option('--desc <file>', 'read the DESC INTEGRATION output from a file; - reads standard input')
    .option('--aws', 'use an AWS account (default: the local stack)')
    .option('--connection <name>', 'Snowflake CLI connection that runs the statements; implies --aws')
    .option('--profile <name>', 'AWS profile; implies --aws')
    .option('--region <name>', 'with --aws: region of the deployment (default: region of serverless.yml)')
    .option(
      '--issuer <url>',
      'web identity token issuer of the account, if the access map sets webIdentityToken; implies --aws',
    )
    .option('--yes', 'apply every step without confirmation')
    .option('--dry-run', 'show the steps without applying them')
    .option('--json', 'print the result of each step as JSON')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate setup --yes
  snowgate setup --stage prod --aws --profile work --connection work
  snowgate setup --stage prod --aws --profile work          # in a worksheet

Shows every value before writing it. Safe to re-run: resumes where it stopped.`,
    )
    .enablePositionalOptions()
    .addCommand(createSetupSqlCommand(context))
    .action((options: SetupOptions) => setup(context, options))

const setup = async (context: CommandContext, options: SetupOptions): Promise<void> => {
  checkFlags(options)
  const { env, cwd, stderr } = context
  const printProgress = (line: string): void => {
    stderr.write(`${line}\n`)
  }
  const path = resolve(cwd, options.access)
  const map = openAccessMapFile(path, options.stage)
  const { name: callerName } = selectSnowflakeCaller(map.stage(), options)
  const stack = options.aws ? undefined : createLocalStackClient(options.stack)
  const target = await createTarget(options, path, { env, printProgress })
  const usesWorksheet = options.worksheet || options.desc !== undefined || (options.aws && !options.connection)
  await using snowflake = usesWorksheet
    ? undefined
    : await connectionOf(options, callerName, stack, { env, printProgress })
  const selectedMethods = connectionMethods.filter((method) => options.externalAccess || method !== 'external-access')

  const { region } = target
  const setupContext: SetupContext = {
    stageName: options.stage,
    callerName,
    methods: selectedMethods,
    map,
    target,
    stack,
    snowflake,
    packageService: async () => {
      const make = options.aws ? packageForAws : packageService
      const made = await make(root, { stage: options.stage, env, region, access: path })
      const lintOutput = options.aws && (await lintTemplate({ root, env, templateFile: made.templateFile, region }))
      if (lintOutput) printProgress(lintOutput)
      return made
    },
    issuerOf: (accountId) => resolveIssuer(accountId, options.issuer, stack),
    readPastedTrust: () =>
      readPastedTrust({
        file: options.desc,
        count: selectedMethods.length,
        script: () => setupSql(setupContext),
        print: printProgress,
        io: context,
      }),
    hasPastedTrust: options.desc !== undefined,
    keypairBackend: (login) =>
      stack
        ? localKeypairBackend(stack, options.stage, login)
        : awsKeypairBackend({ env, profile: options.profile, region }, login),
    flags: repeatedFlags(options),
    // In the local stack everything takes effect at once.
    retry: options.aws ? { timeoutMs: 180_000, intervalMs: 5_000 } : { timeoutMs: 1_000, intervalMs: 500 },
  }
  printProgress(
    `${options.dryRun ? 'Dry run' : 'Setting up'}: caller ${callerName}, stage ${options.stage}, ${target.name}`,
  )
  const reports = await runSetupSteps(createSetupSteps(setupContext), {
    dryRun: options.dryRun ?? false,
    confirm: () => confirmStep(options, context),
    print: printProgress,
  })
  print(reports, options, context)
}

const checkFlags = ({ aws, worksheet, desc, connection, profile, region, issuer }: SetupOptions): void => {
  const ofAws = { connection, profile, region, issuer }
  const [stray] = Object.entries(ofAws).flatMap(([name, value]) => (value === undefined || aws ? [] : [name]))
  if (stray !== undefined) {
    throw usageFailure(`--${stray} requires --aws.`, 'Without --aws, setup uses the local stack and its Snowflake.')
  }
  if (connection !== undefined && (worksheet || desc !== undefined)) {
    throw usageFailure('--connection cannot be combined with --worksheet or --desc.')
  }
}

interface OutputOptions {
  readonly env: Environment
  readonly printProgress: (line: string) => void
}

const createTarget = (
  { stage, stack, aws, profile, region }: SetupOptions,
  access: string,
  { env, printProgress }: OutputOptions,
): Promise<DeployTarget> =>
  aws
    ? createAwsTarget({
        root,
        env,
        stage,
        access,
        profile,
        region: region ?? defaultRegion(root),
        progress: (line) => line.trim() && printProgress(`  ${line.trim()}`),
      })
    : createLocalTarget({ url: stack, stage, region: undefined, access })

const connectionOf = async (
  { connection }: SetupOptions,
  callerName: string,
  stack: LocalStackClient | undefined,
  { env, printProgress }: OutputOptions,
): Promise<SnowflakeConnection> => {
  // Its sessions are ACCOUNTADMIN, and the account exists once its caller is deployed.
  if (stack) return createLocalConnection(stack, callerName)
  const opened = await createDriverConnection(connection, env, printProgress)
  await opened.run('USE ROLE "ACCOUNTADMIN"').catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error
    throw new CommandFailure(error.message, {
      remedy: 'The statements need ACCOUNTADMIN. To run them with another role, use --worksheet.',
    })
  })
  return opened
}

/** For a worksheet: all that the steps would have run. */
const setupSql = async ({ target, callerName, methods, map }: SetupContext): Promise<string> => {
  const { apiUrl = '', accountId = '' } = (await target.deployedService()) ?? {}
  const { name, caller } = selectSnowflakeCaller(map.stage(), { stage: '', caller: callerName })
  return callerScript({ name, caller, api: parseDeployedApi(apiUrl, accountId), methods })
}

const confirmStep = async ({ yes }: SetupOptions, context: CommandContext): Promise<void> => {
  if (yes) return
  await confirmChanges('Apply? [y/N]', ['y', 'yes'], context).catch((error: unknown) => {
    if (!(error instanceof CommandFailure) || error.exitCode === exitCodes.usage) throw error
    throw new CommandFailure('Stopped. This step was not applied.')
  })
}

/** What a command needs to mean the same map, and the same stack. */
const repeatedFlags = ({ access, aws, profile, region, stack }: SetupOptions): SetupContext['flags'] => ({
  access: access === defaultAccessMap ? '' : ` --access ${access}`,
  backend: aws
    ? ` --aws${profile === undefined ? '' : ` --profile ${profile}`}${region === undefined ? '' : ` --region ${region}`}`
    : stack === defaultStackUrl
      ? ''
      : ` --stack ${stack}`,
})

const print = (
  reports: readonly SetupReport[],
  { stage, caller, dryRun = false, json }: SetupOptions,
  { stdout }: CommandContext,
): void => {
  if (json) {
    stdout.write(`${JSON.stringify({ stage, caller: caller ?? null, dryRun, steps: reports }, null, 2)}\n`)
    return
  }
  const testCalls = reports.filter(({ outcome }) => outcome === 'verified')
  stdout.write(alignColumns(testCalls.map(({ title, message }) => [title, message])))
}
