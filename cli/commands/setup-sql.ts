import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Stage } from '../../shared/access/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { CommandContext } from '../io.ts'
import { openLocalStack, stackOption } from '../local-stack/index.ts'
import { readStage } from '../read-stage.ts'
import {
  type DeployedApi,
  identityOf,
  issuerOf,
  parseDeployedApi,
  serviceUserScript,
  setupScript,
  snowflakeCallers,
  theSnowflakeCaller,
  ways,
} from '../setup/index.ts'

const parts = [...ways, 'service-user'] as const
type Part = (typeof parts)[number]

interface Options {
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
    .description('print the SQL that lets a Snowflake account call the service, and the service log in to it')
    .option('--stage <name>', 'a stage of the access map', 'dev')
    .option('--caller <name>', 'a Snowflake caller of the stage; needed where there are several')
    .addOption(
      new Option(
        '--part <part>',
        'one of the two ways into the service, or the user it logs in as (default: all)',
      ).choices(parts),
    )
    .option('--api <url>', 'of the deployed API, stage included (default: that of the local stack)')
    .option('--account <id>', 'the AWS account that the API is deployed in; goes with --api')
    .option('--issuer <url>', 'of the web identity tokens of the AWS account, where the map has webIdentityToken')
    .option('--access <path>', 'the access map', join(root, 'access.yml'))
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate setup sql > setup.sql
  snowgate setup sql --stage prod --api https://abc123.execute-api.eu-central-1.amazonaws.com/prod --account 111111111111`,
    )
    .action(async (options: Options) => {
      const stage = readStage(resolve(context.cwd, options.access), options.stage)
      const { part } = options
      const isOfCaller =
        part === undefined ? snowflakeCallers(stage).length > 0 || !stage.snowflake : part !== 'service-user'
      const isOfUser = part === undefined ? stage.snowflake !== undefined : part === 'service-user'
      const caller = isOfCaller ? theSnowflakeCaller(stage, options) : undefined
      const api = await whereDeployed(options)
      const scripts = [
        ...(caller ? [setupScript({ ...caller, api, ways: ways.filter((way) => (part ?? way) === way) })] : []),
        ...(isOfUser ? [await userScript(stage, api, options)] : []),
      ]
      context.stdout.write(scripts.join('\n'))
    })

const userScript = async ({ snowflake: login }: Stage, api: DeployedApi, options: Options): Promise<string> => {
  if (!login) {
    throw new CommandFailure(`The stage ${options.stage} does not say how the service logs in to Snowflake.`, {
      remedy: 'Write snowflake, with account and login, beside callers: docs/access-map.md tells its keys.',
    })
  }
  if (login.login === 'key-pair' || !login.webIdentityToken) return serviceUserScript({ login, api })
  const [, , , , accountId = ''] = identityOf(login, api).split(':')
  const stack = options.api === undefined ? openLocalStack(options.stack) : undefined
  return serviceUserScript({ login, api, issuer: await issuerOf(accountId, options.issuer, stack) })
}

const whereDeployed = async ({ stage, api, account, stack }: Options): Promise<DeployedApi> => {
  if ((api === undefined) !== (account === undefined)) {
    throw usageFailure('--api and --account go together.', 'Without both, the local stack is asked.')
  }
  const asked = api === undefined ? await openLocalStack(stack).service() : undefined
  const deployed = parseDeployedApi(api ?? asked?.apiUrl ?? '', account ?? asked?.accountId ?? '')
  if (deployed.stage === stage) return deployed
  const whose = asked ? 'The local stack runs' : 'The URL is that of'
  throw usageFailure(`${whose} the stage ${deployed.stage}, and not ${stage}.`, `Give --stage ${deployed.stage}.`)
}
