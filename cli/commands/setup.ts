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
    .option('--stage <name>', 'a stage of the access map', 'dev')
    .option('--caller <name>', 'a Snowflake caller of the stage; needed where there are several')
    .option('--access <path>', 'the access map; the trust is written into it', shippedMap)
    .option('--no-external-access', 'without the Python functions, which trial accounts of Snowflake cannot have')
    .option('--worksheet', 'print the statements for a worksheet of Snowflake, and ask what DESC INTEGRATION showed')
    .option('--desc <file>', 'what it showed; - is standard input')
    .option('--aws', 'in an AWS account, and not in the local stack')
    .option('--connection <name>', 'with --aws: run the statements by a connection of the snow command')
    .option('--profile <name>', 'with --aws: a profile of the AWS configuration')
    .option('--region <name>', 'with --aws: where the stage is deployed (default: that of serverless.yml)')
    .option(
      '--issuer <url>',
      'with --aws: of the web identity tokens of the account, where the map has webIdentityToken',
    )
    .option('--yes', 'do not ask before each step')
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('--json', 'what came of each step as one JSON object')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate setup --yes
  snowgate setup --stage prod --aws --profile work --connection work
  snowgate setup --stage prod --aws --profile work          # with a worksheet

Every value is shown before it is written. Whatever interrupted it, the same command goes on from there.`,
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
    ...{ stageName: options.stage, callerName, ways: wanted, map, world, stack, snowflake },
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
  say(`${options.dryRun ? 'What would be done' : 'Setting up'}: ${callerName} of ${options.stage}, at ${world.name}.`)
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
    throw usageFailure(`--${stray} goes with --aws.`, 'Without --aws the local stack and its Snowflake are meant.')
  }
  if (connection !== undefined && (worksheet || desc !== undefined)) {
    throw usageFailure('--connection runs the statements; --worksheet and --desc are for somebody who does.')
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
        ...{ root, env, stage, access, profile, region: region ?? defaultRegion(root) },
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
      remedy:
        'The statements run as ACCOUNTADMIN, as those of setup sql do. With a role of your own, run them in a worksheet: --worksheet.',
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
  await confirm('Do this? [y/N]', ['y', 'yes'], context).catch((error: unknown) => {
    if (!(error instanceof CommandFailure) || error.exitCode === exitCodes.usage) throw error
    throw new CommandFailure('Stopped before anything of it was done.')
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
  const greetings = reports.filter(({ outcome }) => outcome === 'greeted')
  stdout.write(table(greetings.map(({ title, says }) => [title, says])))
}
