import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { SnowflakeCaller, Stage } from '../../shared/access/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import { openLocalStack, stackOption } from '../local-stack/index.ts'
import { readStage } from '../read-stage.ts'
import { type DeployedApi, type Part, parseDeployedApi, parts, setupScript } from '../setup/index.ts'

interface Options {
  readonly stage: string
  readonly caller?: string
  readonly part?: Part
  readonly api?: string
  readonly account?: string
  readonly access: string
  readonly stack: string
}

const root = join(import.meta.dirname, '..', '..')

export const setupSqlCommand = new Command('sql')
  .description('print the SQL that lets a Snowflake account call the service')
  .option('--stage <name>', 'a stage of the access map', 'dev')
  .option('--caller <name>', 'a Snowflake caller of the stage; needed where there are several')
  .addOption(new Option('--part <way>', 'one of the two ways into the service (default: both)').choices(parts))
  .option('--api <url>', 'of the deployed API, stage included (default: that of the local stack)')
  .option('--account <id>', 'the AWS account that the API is deployed in; goes with --api')
  .option('--access <path>', 'the access map', join(root, 'access.yml'))
  .addOption(stackOption)
  .addHelpText(
    'after',
    `
Examples:
  snowgate setup sql > setup.sql
  snowgate setup sql --stage prod --api https://abc123.execute-api.eu-central-1.amazonaws.com/prod --account 111111111111`,
  )
  .action(async (options: Options) => {
    const { name, caller } = theCaller(readStage(resolve(options.access), options.stage), options)
    const api = await whereDeployed(options)
    const { part } = options
    process.stdout.write(setupScript({ name, caller, api, parts: part === undefined ? parts : [part] }))
  })

export const setupCommand = new Command('setup')
  .description('what has to be set up outside of AWS')
  .addCommand(setupSqlCommand)

/** Each Snowflake caller of a stage is an account of its own: a script is for one of them. */
const theCaller = ({ callers }: Stage, { stage, caller: wanted }: Options) => {
  const candidates = [...callers].flatMap(([name, caller]): readonly { name: string; caller: SnowflakeCaller }[] =>
    caller.kind === 'snowflake' ? [{ name, caller }] : [],
  )
  const names = candidates.map(({ name }) => name).join(', ')
  const [only, ...others] = wanted === undefined ? candidates : candidates.filter(({ name }) => name === wanted)
  if (only && others.length === 0) return only
  if (only)
    throw usageFailure(`The stage ${stage} has several Snowflake callers: ${names}.`, 'Say which with --caller.')
  throw new CommandFailure(
    `The stage ${stage} has no Snowflake caller${wanted === undefined ? '' : ` ${JSON.stringify(wanted)}`}.`,
    { remedy: names === '' ? 'docs/access-map.md tells how to add one.' : `There are: ${names}.` },
  )
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
