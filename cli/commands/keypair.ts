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
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--access <path>', 'access map', shippedMap)
    .option('--rotate', 'replace the stored key, or resume a started rotation')
    .option(
      '--registered',
      'with --rotate: confirm that you ran the statement, if Snowflake cannot be reached from here',
    )
    .option('--finish', 'remove the previous key after a rotation')
    .option('--now', 'with --finish or --rotate: do not wait for functions that still use the previous key')
    .option('--run', 'run the statements instead of printing them')
    .option(
      '--connection <name>',
      'with --run: Snowflake CLI connection (default: the default connection); implies --aws',
    )
    .addOption(new Option('--bits <number>', 'size of a new key').choices(sizes.map(String)).default('4096'))
    .option('--out <directory>', 'also write the key pair to files in this directory')
    .option('--aws', 'use an AWS account (default: the local stack)')
    .option('--profile <name>', 'AWS profile; implies --aws')
    .option('--region <name>', 'with --aws: region of the deployment (default: region of the AWS configuration)')
    .option('--dry-run', 'show the steps without running them')
    .option('--json', 'print the result as JSON')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate keypair --run
  snowgate keypair --stage prod --aws --profile work > register.sql
  snowgate keypair --rotate --run && sleep 900 && snowgate keypair --finish --run

Safe to re-run: resumes where it stopped. Never prints the key or the passphrase.`,
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
  if (dryRun) say('Dry run, nothing is changed. Steps:')
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
    throw new CommandFailure(`${error.message}\nSteps marked ✓ are done. Run the same command again to resume.`, {
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
    throw usageFailure('--rotate and --finish cannot be combined.', 'Run --rotate first, then --finish.')
  if (registered && !rotate) throw usageFailure('--registered requires --rotate.')
  if (registered && run) throw usageFailure('--registered and --run cannot be combined.')
  if (now && !rotate && !options.finish) throw usageFailure('--now requires --finish or --rotate.')
  if (options.finish && out !== undefined)
    throw usageFailure('--out cannot be combined with --finish, which creates no key.')
  if (!aws && (profile !== undefined || region !== undefined)) {
    throw usageFailure('--profile and --region require --aws.', 'Without --aws, the command uses the local stack.')
  }
  if (options.connection !== undefined && !(aws && run)) {
    throw usageFailure(
      '--connection requires --aws and --run.',
      'It selects the Snowflake account that runs the statements; without --aws, that is the one of the local stack.',
    )
  }
}

const loginOf = ({ access, stage }: Options, cwd: string): KeyPairLogin => {
  const { snowflake } = readStage(resolve(cwd, access), stage)
  if (!snowflake) {
    throw new CommandFailure(`Stage ${stage} has no Snowflake login.`, {
      remedy: `Add a snowflake section with account and login: key-pair to ${access}. See docs/access-map.md.`,
    })
  }
  if (snowflake.login === 'key-pair') return snowflake
  throw new CommandFailure(`Stage ${stage} logs in with ${snowflake.login}, which uses no key pair.`, {
    remedy: `To use a key pair, set login: key-pair under snowflake in ${access}, and deploy.`,
  })
}

/** What says where, for the command that goes on. */
const placeFlags = ({ stage, access, aws, profile, region, run, connection, stack }: Options): readonly string[] => [
  '--stage',
  stage,
  ...(access === shippedMap ? [] : ['--access', access]),
  ...(aws ? ['--aws'] : []),
  ...(profile === undefined ? [] : ['--profile', profile]),
  ...(region === undefined ? [] : ['--region', region]),
  ...(run ? ['--run'] : []),
  ...(connection === undefined ? [] : ['--connection', connection]),
  ...(aws || stack === defaultStackUrl ? [] : ['--stack', stack]),
]
