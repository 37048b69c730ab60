import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Stage } from '../../shared/access/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import { type DeployedApi, parseDeployedApi } from '../deploy/deployed-api.ts'
import type { CommandContext } from '../io.ts'
import { createLocalStackClient, stackOption } from '../local-stack/local-stack-client.ts'
import { readStage } from '../read-access-map-stage.ts'
import { callerScript, connectionMethods } from '../setup/caller-script.ts'
import { loginRoleArn, serviceUserScript } from '../setup/service-user-script.ts'
import { selectSnowflakeCaller, snowflakeCallers } from '../setup/snowflake-caller.ts'
import { resolveIssuer } from '../setup/token-issuer.ts'

const parts = [...connectionMethods, 'service-user'] as const
type Part = (typeof parts)[number]

interface SetupSqlOptions {
  readonly stage: string
  readonly caller?: string
  readonly part?: Part
  readonly api?: string
  readonly account?: string
  readonly issuer?: string
  readonly access: string
  readonly stack: string
}

const root = join(import.meta.dirname, '..', '..')

export const createSetupSqlCommand = (context: CommandContext): Command =>
  new Command('sql')
    .description('Print the SQL that lets Snowflake call the service and the service log in to Snowflake')
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--caller <name>', 'Snowflake caller (required if the stage has more than one)')
    .addOption(
      new Option(
        '--part <part>',
        'external functions, external access (Python functions), or the service user (default: all)',
      ).choices(parts),
    )
    .option('--api <url>', 'URL of the deployed API, with its stage (default: the local stack)')
    .option('--account <id>', 'AWS account of the deployed API; required with --api')
    .option('--issuer <url>', 'web identity token issuer of the AWS account, if the access map sets webIdentityToken')
    .option('--access <path>', 'access map', join(root, 'access.yml'))
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate setup sql > setup.sql
  snowgate setup sql --stage prod --api https://abc123.execute-api.eu-central-1.amazonaws.com/prod --account 111111111111`,
    )
    .action(async (options: SetupSqlOptions) => {
      const stage = readStage(resolve(context.cwd, options.access), options.stage)
      const { part } = options
      const isOfCaller =
        part === undefined ? snowflakeCallers(stage).length > 0 || !stage.snowflake : part !== 'service-user'
      const isOfUser = part === undefined ? stage.snowflake !== undefined : part === 'service-user'
      const caller = isOfCaller ? selectSnowflakeCaller(stage, options) : undefined
      const api = await resolveDeployedApi(options)
      const scripts = [
        ...(caller
          ? [callerScript({ ...caller, api, methods: connectionMethods.filter((way) => (part ?? way) === way) })]
          : []),
        ...(isOfUser ? [await serviceUserSql(stage, api, options)] : []),
      ]
      context.stdout.write(scripts.join('\n'))
    })

const serviceUserSql = async (
  { snowflake: login }: Stage,
  api: DeployedApi,
  options: SetupSqlOptions,
): Promise<string> => {
  if (!login) {
    throw new CommandFailure(`Stage ${options.stage} has no Snowflake login.`, {
      remedy: 'Add a snowflake section with account and login next to callers. See docs/access-map.md.',
    })
  }
  if (login.login === 'key-pair' || !login.webIdentityToken) return serviceUserScript({ login, api })
  const [, , , , accountId = ''] = loginRoleArn(login, api).split(':')
  const stack = options.api === undefined ? createLocalStackClient(options.stack) : undefined
  return serviceUserScript({ login, api, issuer: await resolveIssuer(accountId, options.issuer, stack) })
}

const resolveDeployedApi = async ({ stage, api, account, stack }: SetupSqlOptions): Promise<DeployedApi> => {
  if ((api === undefined) !== (account === undefined)) {
    throw usageFailure('--api and --account must be used together.', 'Without both, the command uses the local stack.')
  }
  const runningService = api === undefined ? await createLocalStackClient(stack).service() : undefined
  const deployed = parseDeployedApi(api ?? runningService?.apiUrl ?? '', account ?? runningService?.accountId ?? '')
  if (deployed.stage === stage) return deployed
  const subject = runningService ? 'The local stack runs' : 'The URL belongs to'
  throw usageFailure(`${subject} stage ${deployed.stage}, not ${stage}.`, `Pass --stage ${deployed.stage}.`)
}
