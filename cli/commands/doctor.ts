import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import { exitCodes } from '../exit-codes.ts'
import type { CommandContext } from '../io.ts'
import { openLocalStack, stackOption } from '../local-stack/index.ts'
import { driverConnection } from '../snowflake-connection/index.ts'

interface Options {
  readonly aws?: boolean
  readonly profile?: string
  readonly region?: string
  readonly connection?: string
  readonly stage: string
  readonly access?: string
  readonly json?: boolean
  readonly stack: string
}

const root = join(import.meta.dirname, '..', '..')
const ownMap = join(root, 'access.yml')

export const createDoctorCommand = (context: CommandContext): Command =>
  new Command('doctor')
    .option('--aws', 'check an AWS account (default: the local stack)')
    .option('--profile <name>', 'AWS profile; implies --aws')
    .option('--region <name>', 'with --aws: region of the deployment (default: region of serverless.yml)')
    .option('--connection <name>', 'Snowflake CLI connection for the Snowflake checks; implies --aws')
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--access <path>', 'access map (default: access.yml, or the map of the local stack)')
    .option('--json', 'print the result as JSON')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate doctor
  snowgate doctor --aws --stage prod --profile work

Read-only. Functions are invoked with inputs that have no side effects.
Exit codes: 0 all checks passed, 1 no check failed but some were skipped, 2 usage error, 6 a check failed`,
    )
    .action((options: Options) => doctor(context, options))

const doctor = async (context: CommandContext, options: Options): Promise<void> => {
  const { env, stdout, stderr } = context
  const say = (text: string) => stdout.write(`${text}\n`)
  const { aws, profile, region, connection, stage, json, stack } = options
  if (!aws && (profile ?? region ?? connection) !== undefined) {
    throw usageFailure('--profile, --region and --connection require --aws.', 'Add --aws to check an AWS account.')
  }
  await using account =
    connection === undefined ? undefined : await driverConnection(connection, env, (line) => stderr.write(`${line}\n`))
  const snowflake = connection !== undefined && account ? { connection, account } : undefined
  // With the clients of seven services behind it, which no other command waits for.
  const { diagnose, renderFailure, renderLine, renderSum, toJson } = await import('../doctor/index.ts')
  const access = await mapOf(context, options)
  const world = aws
    ? { kind: 'aws' as const, env, profile, region, snowflake }
    : { kind: 'local' as const, stack: openLocalStack(stack) }
  const show = json ? { begins: () => {}, ends: () => {} } : progress(context, renderLine)
  if (!json) say(`Stage ${stage} ${aws ? 'on AWS' : `on the local stack ${stack}`}:\n`)
  // As it was typed: that of the repository by its own name.
  const mapName = access === ownMap ? 'access.yml' : (options.access ?? access)
  const reports = await diagnose({ stage, access, world }, mapName, show)

  if (json) say(toJson(stage, reports))
  else {
    const failures = reports.filter(({ outcome }) => outcome === 'failed').map(renderFailure)
    say(['', renderSum(reports), ...failures.map((failure) => `\n${failure}`)].join('\n'))
  }
  const broken = reports.some(({ outcome }) => outcome === 'failed')
  const unseen = reports.some(({ outcome }) => outcome === 'skipped')
  context.setExitCode(broken ? exitCodes.diagnosed : unseen ? exitCodes.failed : exitCodes.ok)
}

/** The local stack knows from which map it was started; where there is none, that is for the doctor to say. */
const mapOf = async ({ cwd }: CommandContext, { access, aws, stack }: Options): Promise<string> => {
  if (access !== undefined) return resolve(cwd, access)
  if (aws) return ownMap
  try {
    return (await openLocalStack(stack).service()).accessMap
  } catch (error) {
    if (error instanceof CommandFailure) return ownMap
    throw error
  }
}

/** Each hop as it ends, and on a terminal the one that is being looked at. */
const progress = (
  { stdout, isTerminal: { stdout: onTerminal } }: CommandContext,
  renderLine: typeof import('../doctor/index.ts')['renderLine'],
) => {
  return {
    begins: ({ title }: { readonly title: string }) => {
      if (onTerminal) stdout.write(`  … ${title}`)
    },
    ends: (report: Parameters<typeof renderLine>[0]) => {
      stdout.write(`${onTerminal ? '\r\x1b[2K' : ''}${renderLine(report)}\n`)
    },
  }
}
