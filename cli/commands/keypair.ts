import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import type { KeyPairLogin } from '../../shared/snowflake/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { CommandContext } from '../io.ts'
import { createKeyPair } from '../keypair/create-key-pair.ts'
import { finishRotation } from '../keypair/finish-rotation.ts'
import { rejectExistingFiles, writeFiles } from '../keypair/key-pair-files.ts'
import { awsKeypairBackend, localKeypairBackend } from '../keypair/keypair-backend.ts'
import type { KeypairContext, KeypairResult, RunStep } from '../keypair/keypair-context.ts'
import { type ReportInput, reportJson, reportNextSteps, reportStdout } from '../keypair/keypair-report.ts'
import { rotateKeyPair } from '../keypair/rotate-key-pair.ts'
import { type KeySize, keySizes } from '../keypair/rsa-key.ts'
import { readStoredPair } from '../keypair/stored-pair.ts'
import {
  createLocalStackClient,
  defaultStackUrl,
  type LocalStackClient,
  stackOption,
} from '../local-stack/local-stack-client.ts'
import { readStage } from '../read-access-map-stage.ts'
import { createDriverConnection } from '../snowflake/driver-connection.ts'
import { createLocalConnection } from '../snowflake/local-connection.ts'
import { type SnowflakeConnection, singleStatementRunner } from '../snowflake/snowflake-connection.ts'

interface KeypairOptions {
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
const defaultAccessMap = join(root, 'access.yml')

export const createKeypairCommand = (context: CommandContext): Command =>
  new Command('keypair')
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--access <path>', 'access map', defaultAccessMap)
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
    .addOption(new Option('--bits <number>', 'size of a new key').choices(keySizes.map(String)).default('4096'))
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
    .action((options: KeypairOptions) => keypair(context, options))

const keypair = async (context: CommandContext, options: KeypairOptions): Promise<void> => {
  checkFlags(options)
  const { env, cwd, stdout, stderr } = context
  const { stage, dryRun = false, profile, region } = options
  const out = options.out === undefined ? undefined : resolve(cwd, options.out)
  const login = loginOf(options, cwd)
  if (out !== undefined && !dryRun) await rejectExistingFiles(out)
  const stack = createLocalStackClient(options.stack)
  const backend = await (options.aws
    ? awsKeypairBackend({ env, profile, region }, login)
    : localKeypairBackend(stack, stage, login))
  const printLine = (line: string) => stderr.write(`${line}\n`)
  await using connection = await connectionOf(options, stack, { env, printLine })
  const steps: string[] = []
  if (dryRun) printLine('Dry run, nothing is changed. Steps:')
  const keypairContext: KeypairContext = {
    ...backend,
    runSql: connection && singleStatementRunner(connection),
    bits: Number(options.bits) as KeySize, // one of `keySizes`: commander has checked it
    runStep: dryRun ? dryRunStep(steps, printLine) : applyStep(steps, printLine),
    printNote: printLine,
    now: () => new Date(),
  }
  const outcome = await selectAction(options, login, keypairContext).catch((error: unknown) => {
    if (dryRun || steps.length === 0 || !(error instanceof CommandFailure)) throw error
    throw new CommandFailure(`${error.message}\nSteps marked ✓ are done. Run the same command again to resume.`, {
      exitCode: error.exitCode,
    })
  })

  const files = out === undefined || dryRun ? [] : await writeFiles(out, outcome)
  for (const file of files) printLine(`✓ write ${file}`)
  const commandWith = (flags: readonly string[]) => ['snowgate keypair', ...repeatedFlags(options), ...flags].join(' ')
  const reportInput: ReportInput = { stage, login, dryRun, steps, files, commandWith }
  if (dryRun)
    for (const statement of outcome.statements) printLine(`- print ${statement.replaceAll(/'[^']*'/g, "'…'")}`)
  if (options.json) stdout.write(reportJson(outcome, reportInput))
  if (options.json || dryRun) return
  stdout.write(reportStdout(outcome, reportInput))
  stderr.write(reportNextSteps(outcome, reportInput))
}

/** Where the statements run; undefined: they are printed. */
const connectionOf = async (
  { run, aws, connection }: KeypairOptions,
  stack: LocalStackClient,
  { env, printLine }: { readonly env: Environment; readonly printLine: (line: string) => void },
): Promise<SnowflakeConnection | undefined> => {
  if (!run) return undefined
  return aws ? await createDriverConnection(connection, env, printLine) : createLocalConnection(stack)
}

const selectAction = async (
  { rotate, registered, now, ...options }: KeypairOptions,
  login: KeyPairLogin,
  context: KeypairContext,
): Promise<KeypairResult> => {
  const stored = await readStoredPair(context.store, login)
  const rotation = { registered: registered ?? false, now: now ?? false }
  if (options.finish) return finishRotation(stored, login, rotation, context)
  return rotate ? rotateKeyPair(stored, login, rotation, context) : createKeyPair(stored, login, context)
}

const applyStep =
  (steps: string[], printLine: (line: string) => void): RunStep =>
  async (what, work) => {
    const result = await work()
    steps.push(what)
    printLine(`✓ ${what}`)
    return result
  }

const dryRunStep =
  (steps: string[], printLine: (line: string) => void): RunStep =>
  async (what, _, dryRunResult) => {
    steps.push(what)
    printLine(`- ${what}`)
    return dryRunResult
  }

const checkFlags = (options: KeypairOptions): void => {
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

const loginOf = ({ access, stage }: KeypairOptions, cwd: string): KeyPairLogin => {
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

/** The flags to repeat in the next command. */
const repeatedFlags = ({
  stage,
  access,
  aws,
  profile,
  region,
  run,
  connection,
  stack,
}: KeypairOptions): readonly string[] => [
  '--stage',
  stage,
  ...(access === defaultAccessMap ? [] : ['--access', access]),
  ...(aws ? ['--aws'] : []),
  ...(profile === undefined ? [] : ['--profile', profile]),
  ...(region === undefined ? [] : ['--region', region]),
  ...(run ? ['--run'] : []),
  ...(connection === undefined ? [] : ['--connection', connection]),
  ...(aws || stack === defaultStackUrl ? [] : ['--stack', stack]),
]
