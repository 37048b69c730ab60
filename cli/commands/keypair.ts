import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Environment } from '../../shared/settings.ts'
import type { KeyPairLogin } from '../../shared/snowflake/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { CommandContext } from '../io.ts'
import {
  adviceOf,
  answerOf,
  awsPlace,
  type Bits,
  finish,
  firstPair,
  jsonOf,
  localPlace,
  type Means,
  type Outcome,
  readStoredPair,
  refuseFiles,
  rotation,
  type Step,
  sizes,
  type Told,
  writeFiles,
} from '../keypair/index.ts'
import { defaultStackUrl, type LocalStack, openLocalStack, stackOption } from '../local-stack/index.ts'
import { readStage } from '../read-stage.ts'
import { driverConnection, localConnection, runOne, type SnowflakeConnection } from '../snowflake-connection/index.ts'

interface Options {
  readonly stage: string
  readonly access: string
  readonly rotate?: boolean
  readonly registered?: boolean
  readonly finish?: boolean
  readonly now?: boolean
  readonly run?: boolean
  readonly connection?: string
  readonly bits: string
  readonly out?: string
  readonly aws?: boolean
  readonly profile?: string
  readonly region?: string
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly stack: string
}

const root = join(import.meta.dirname, '..', '..')
const shippedMap = join(root, 'access.yml')

export const createKeypairCommand = (context: CommandContext): Command =>
  new Command('keypair')
    .option('--stage <name>', 'a stage of the access map', 'dev')
    .option('--access <path>', 'the access map', shippedMap)
    .option('--rotate', 'put a new key in the place of the stored one, or go on with that')
    .option('--registered', 'with --rotate: the statement was run, and Snowflake cannot be asked from here')
    .option('--finish', 'end the key before, once nothing logs in with it any more')
    .option('--now', 'with --finish or --rotate: do not wait for functions that may still have the key before')
    .option('--run', 'run the statements, instead of printing them')
    .option('--connection <name>', 'with --aws and --run: a connection of the snow command (default: its default)')
    .addOption(new Option('--bits <number>', 'the size of a new key').choices(sizes.map(String)).default('4096'))
    .option('--out <directory>', 'write the key pair to files there as well')
    .option('--aws', 'in an AWS account, and not in the local stack')
    .option('--profile <name>', 'with --aws: a profile of the AWS configuration')
    .option('--region <name>', 'with --aws: where the service is deployed; otherwise that of the AWS configuration')
    .option('--dry-run', 'tell what would be done, and change nothing')
    .option('--json', 'for programs')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate keypair --run
  snowgate keypair --stage prod --aws --profile work > register.sql
  snowgate keypair --rotate --run && sleep 900 && snowgate keypair --finish --run

Whatever interrupted it, the same command goes on from there. Neither key nor passphrase is ever printed.`,
    )
    .action((options: Options) => keypair(context, options))

const keypair = async (context: CommandContext, options: Options): Promise<void> => {
  checkFlags(options)
  const { env, cwd, stdout, stderr } = context
  const { stage, dryRun = false, profile, region } = options
  const out = options.out === undefined ? undefined : resolve(cwd, options.out)
  const login = loginOf(options, cwd)
  if (out !== undefined && !dryRun) await refuseFiles(out)
  const stack = openLocalStack(options.stack)
  const place = await (options.aws ? awsPlace({ env, profile, region }, login) : localPlace(stack, stage, login))
  const say = (line: string) => stderr.write(`${line}\n`)
  await using connection = await connectionOf(options, stack, { env, say })
  const steps: string[] = []
  if (dryRun) say('Nothing is changed by --dry-run. What would be done:')
  const means: Means = {
    ...place,
    runSql: connection && runOne(connection),
    bits: Number(options.bits) as Bits, // one of `sizes`, which commander has checked
    step: dryRun ? tellOnly(steps, say) : carryOut(steps, say),
    note: say,
    now: () => new Date(),
  }
  const outcome = await order(options, login, means).catch((error: unknown) => {
    if (dryRun || steps.length === 0 || !(error instanceof CommandFailure)) throw error
    throw new CommandFailure(`${error.message}\nWhat has a ✓ is done: the same command goes on from there.`, {
      exitCode: error.exitCode,
    })
  })

  const files = out === undefined || dryRun ? [] : await writeFiles(out, outcome)
  for (const file of files) say(`✓ write ${file}`)
  const commandWith = (flags: readonly string[]) => ['snowgate keypair', ...placeFlags(options), ...flags].join(' ')
  const told: Told = { stage, login, dryRun, steps, files, commandWith }
  if (dryRun) for (const statement of outcome.statements) say(`- print ${statement.replaceAll(/'[^']*'/g, "'…'")}`)
  if (options.json) stdout.write(jsonOf(outcome, told))
  if (options.json || dryRun) return
  stdout.write(answerOf(outcome, told))
  stderr.write(adviceOf(outcome, told))
}

/** Where the statements are run; undefined: a person runs them. */
const connectionOf = async (
  { run, aws, connection }: Options,
  stack: LocalStack,
  { env, say }: { readonly env: Environment; readonly say: (line: string) => void },
): Promise<SnowflakeConnection | undefined> => {
  if (!run) return undefined
  return aws ? await driverConnection(connection, env, say) : localConnection(stack)
}

const order = async (
  { rotate, registered, now, ...options }: Options,
  login: KeyPairLogin,
  means: Means,
): Promise<Outcome> => {
  const stored = await readStoredPair(means.store, login)
  const said = { registered: registered ?? false, now: now ?? false }
  if (options.finish) return finish(stored, login, said, means)
  return rotate ? rotation(stored, login, said, means) : firstPair(stored, login, means)
}

const carryOut =
  (steps: string[], say: (line: string) => void): Step =>
  async (what, work) => {
    const result = await work()
    steps.push(what)
    say(`✓ ${what}`)
    return result
  }

const tellOnly =
  (steps: string[], say: (line: string) => void): Step =>
  async (what, _, instead) => {
    steps.push(what)
    say(`- ${what}`)
    return instead
  }

const checkFlags = (options: Options): void => {
  const { rotate, registered, now, run, aws, profile, region, out } = options
  if (rotate && options.finish)
    throw usageFailure('--rotate and --finish are two steps.', 'First --rotate, later --finish.')
  if (registered && !rotate) throw usageFailure('--registered goes with --rotate.')
  if (registered && run) throw usageFailure('--registered says that somebody ran the statement, --run runs it.')
  if (now && !rotate && !options.finish) throw usageFailure('--now goes with --finish or --rotate.')
  if (options.finish && out !== undefined) throw usageFailure('--out is for the key that is made; --finish makes none.')
  if (!aws && (profile !== undefined || region !== undefined)) {
    throw usageFailure('--profile and --region go with --aws.', 'Without --aws the local stack is meant.')
  }
  if (options.connection !== undefined && !(aws && run)) {
    throw usageFailure(
      '--connection goes with --aws and --run.',
      'It says in which Snowflake account statements are run; without --aws it is that of the local stack.',
    )
  }
}

const loginOf = ({ access, stage }: Options, cwd: string): KeyPairLogin => {
  const { snowflake } = readStage(resolve(cwd, access), stage)
  if (!snowflake) {
    throw new CommandFailure(`The stage ${stage} logs in to no Snowflake.`, {
      remedy: `Write snowflake under it in ${access}, with account and login: key-pair. docs/access-map.md explains the keys.`,
    })
  }
  if (snowflake.login === 'key-pair') return snowflake
  throw new CommandFailure(`The stage ${stage} logs in with ${snowflake.login}, which takes no key.`, {
    remedy: `If it is to have a key pair, write login: key-pair under snowflake in ${access}, and deploy.`,
  })
}

/** What says where, for the command that goes on. */
const placeFlags = ({ stage, access, aws, profile, region, run, connection, stack }: Options): readonly string[] => [
  ...['--stage', stage],
  ...(access === shippedMap ? [] : ['--access', access]),
  ...(aws ? ['--aws'] : []),
  ...(profile === undefined ? [] : ['--profile', profile]),
  ...(region === undefined ? [] : ['--region', region]),
  ...(run ? ['--run'] : []),
  ...(connection === undefined ? [] : ['--connection', connection]),
  ...(aws || stack === defaultStackUrl ? [] : ['--stack', stack]),
]
