import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { Environment } from '../../shared/settings.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import { awsWorld, confirm, lintTemplate, localWorld, type World } from '../deploy/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { mapFile, type Report, readPasted, type Setup, stepsOf, walk } from '../guided-setup/index.ts'
import type { CommandContext } from '../io.ts'
import { awsPlace, localPlace } from '../keypair/index.ts'
import { defaultStackUrl, type LocalStack, openLocalStack, stackOption } from '../local-stack/index.ts'
import { defaultRegion, packageForAws, packageService } from '../osls/index.ts'
import { issuerOf, parseDeployedApi, setupScript, theSnowflakeCaller, ways } from '../setup/index.ts'
import { driverConnection, localConnection, type SnowflakeConnection } from '../snowflake-connection/index.ts'
import { table } from '../table.ts'
import { createSetupSqlCommand } from './setup-sql.ts'

interface Options {
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
const shippedMap = join(root, 'access.yml')

export const createSetupCommand = (context: CommandContext): Command =>
  new Command('setup')
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--caller <name>', 'Snowflake caller (required if the stage has more than one)')
    .option('--access <path>', 'access map; setup writes the trust into it', shippedMap)
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
    .action((options: Options) => setup(context, options))

const setup = async (context: CommandContext, options: Options): Promise<void> => {
  checkFlags(options)
  const { env, cwd, stderr } = context
  const say = (line: string): void => {
    stderr.write(`${line}\n`)
  }
  const path = resolve(cwd, options.access)
  const map = mapFile(path, options.stage)
  const { name: callerName } = theSnowflakeCaller(map.stage(), options)
  const stack = options.aws ? undefined : openLocalStack(options.stack)
  const world = await worldOf(options, path, { env, say })
  const inWorksheet = options.worksheet || options.desc !== undefined || (options.aws && !options.connection)
  await using snowflake = inWorksheet ? undefined : await connectionOf(options, callerName, stack, { env, say })
  const wanted = ways.filter((way) => options.externalAccess || way !== 'external-access')

  const { region } = world
  const given: Setup = {
    stageName: options.stage,
    callerName,
    ways: wanted,
    map,
    world,
    stack,
    snowflake,
    packageService: async () => {
      const make = options.aws ? packageForAws : packageService
      const made = await make(root, { stage: options.stage, env, region, access: path })
      const said = options.aws && (await lintTemplate({ root, env, templateFile: made.templateFile, region }))
      if (said) say(said)
      return made
    },
    issuerOf: (accountId) => issuerOf(accountId, options.issuer, stack),
    pasted: () =>
      readPasted({ file: options.desc, count: wanted.length, script: () => scriptOf(given), say, io: context }),
    isPasted: options.desc !== undefined,
    keyPairPlace: (login) =>
      stack ? localPlace(stack, options.stage, login) : awsPlace({ env, profile: options.profile, region }, login),
    flags: flagsOf(options),
    // In the local stack everything takes effect at once.
    patience: options.aws ? { within: 180_000, every: 5_000 } : { within: 1_000, every: 500 },
  }
  say(`${options.dryRun ? 'Dry run' : 'Setting up'}: caller ${callerName}, stage ${options.stage}, ${world.name}`)
  const reports = await walk(stepsOf(given), {
    dryRun: options.dryRun ?? false,
    agree: () => agree(options, context),
    say,
  })
  print(reports, options, context)
}

const checkFlags = ({ aws, worksheet, desc, connection, profile, region, issuer }: Options): void => {
  const ofAws = { connection, profile, region, issuer }
  const [stray] = Object.entries(ofAws).flatMap(([name, value]) => (value === undefined || aws ? [] : [name]))
  if (stray !== undefined) {
    throw usageFailure(`--${stray} requires --aws.`, 'Without --aws, setup uses the local stack and its Snowflake.')
  }
  if (connection !== undefined && (worksheet || desc !== undefined)) {
    throw usageFailure('--connection cannot be combined with --worksheet or --desc.')
  }
}

interface Surroundings {
  readonly env: Environment
  readonly say: (line: string) => void
}

const worldOf = (
  { stage, stack, aws, profile, region }: Options,
  access: string,
  { env, say }: Surroundings,
): Promise<World> =>
  aws
    ? awsWorld({
        root,
        env,
        stage,
        access,
        profile,
        region: region ?? defaultRegion(root),
        progress: (line) => line.trim() && say(`  ${line.trim()}`),
      })
    : localWorld({ url: stack, stage, region: undefined, access })

const connectionOf = async (
  { connection }: Options,
  callerName: string,
  stack: LocalStack | undefined,
  { env, say }: Surroundings,
): Promise<SnowflakeConnection> => {
  // Everybody is ACCOUNTADMIN there, and the account appears with the deployment of its caller.
  if (stack) return localConnection(stack, callerName)
  const opened = await driverConnection(connection, env, say)
  await opened.run('USE ROLE "ACCOUNTADMIN"').catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error
    throw new CommandFailure(error.message, {
      remedy: 'The statements need ACCOUNTADMIN. To run them with another role, use --worksheet.',
    })
  })
  return opened
}

/** For a worksheet: all that the steps would have run. */
const scriptOf = async ({ world, callerName, ways: wanted, map }: Setup): Promise<string> => {
  const { apiUrl = '', accountId = '' } = (await world.where()) ?? {}
  const { name, caller } = theSnowflakeCaller(map.stage(), { stage: '', caller: callerName })
  return setupScript({ name, caller, api: parseDeployedApi(apiUrl, accountId), ways: wanted })
}

const agree = async ({ yes }: Options, context: CommandContext): Promise<void> => {
  if (yes) return
  await confirm('Apply? [y/N]', ['y', 'yes'], context).catch((error: unknown) => {
    if (!(error instanceof CommandFailure) || error.exitCode === exitCodes.usage) throw error
    throw new CommandFailure('Stopped. This step was not applied.')
  })
}

/** What a command needs to mean the same map, and the same stack. */
const flagsOf = ({ access, aws, profile, region, stack }: Options): Setup['flags'] => ({
  access: access === shippedMap ? '' : ` --access ${access}`,
  place: aws
    ? ` --aws${profile === undefined ? '' : ` --profile ${profile}`}${region === undefined ? '' : ` --region ${region}`}`
    : stack === defaultStackUrl
      ? ''
      : ` --stack ${stack}`,
})

const print = (
  reports: readonly Report[],
  { stage, caller, dryRun = false, json }: Options,
  { stdout }: CommandContext,
): void => {
  if (json) {
    stdout.write(`${JSON.stringify({ stage, caller: caller ?? null, dryRun, steps: reports }, null, 2)}\n`)
    return
  }
  const greetings = reports.filter(({ outcome }) => outcome === 'verified')
  stdout.write(table(greetings.map(({ title, says }) => [title, says])))
}
