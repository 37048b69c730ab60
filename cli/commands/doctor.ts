import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { CommandFailure, exitCodes, usageFailure } from '../command-failure.ts'
import type { CommandContext } from '../io.ts'
import { createLocalStackClient, stackOption } from '../local-stack/local-stack-client.ts'
import { createDriverConnection } from '../snowflake/driver-connection.ts'

interface DoctorCommandOptions {
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
const defaultAccessMap = join(root, 'access.yml')

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
    .action((options: DoctorCommandOptions) => doctor(context, options))

const doctor = async (context: CommandContext, options: DoctorCommandOptions): Promise<void> => {
  const { env, stdout, stderr } = context
  const printLine = (text: string) => stdout.write(`${text}\n`)
  const { aws, profile, region, connection, stage, json, stack } = options
  if (!aws && (profile ?? region ?? connection) !== undefined) {
    throw usageFailure('--profile, --region and --connection require --aws.', 'Add --aws to check an AWS account.')
  }
  await using account =
    connection === undefined
      ? undefined
      : await createDriverConnection(connection, env, (line) => stderr.write(`${line}\n`))
  const snowflake = connection !== undefined && account ? { connection, account } : undefined
  // Loads the clients of seven services, which no other command needs.
  const { runDoctorChecks } = await import('../checks/doctor-checks.ts')
  const { renderFailure, renderReportLine, renderSummary, doctorJson } = await import('../checks/render-report.ts')
  const access = await accessMapPath(context, options)
  const backend = aws
    ? { kind: 'aws' as const, env, profile, region, snowflake }
    : { kind: 'local' as const, stack: createLocalStackClient(stack) }
  const progressEvents = json ? { started: () => {}, finished: () => {} } : progress(context, renderReportLine)
  if (!json) printLine(`Stage ${stage} ${aws ? 'on AWS' : `on the local stack ${stack}`}:\n`)
  // As typed; the map of the repository by its name.
  const mapName = access === defaultAccessMap ? 'access.yml' : (options.access ?? access)
  const reports = await runDoctorChecks({ stage, access, backend }, mapName, progressEvents)

  if (json) printLine(doctorJson(stage, reports))
  else {
    const failures = reports.filter(({ outcome }) => outcome === 'failed').map(renderFailure)
    printLine(['', renderSummary(reports), ...failures.map((failure) => `\n${failure}`)].join('\n'))
  }
  const hasFailures = reports.some(({ outcome }) => outcome === 'failed')
  const hasSkipped = reports.some(({ outcome }) => outcome === 'skipped')
  context.setExitCode(hasFailures ? exitCodes.checksFailed : hasSkipped ? exitCodes.failed : exitCodes.ok)
}

/** The map of the local stack; without a running stack the checks report it. */
const accessMapPath = async (
  { cwd }: CommandContext,
  { access, aws, stack }: DoctorCommandOptions,
): Promise<string> => {
  if (access !== undefined) return resolve(cwd, access)
  if (aws) return defaultAccessMap
  try {
    return (await createLocalStackClient(stack).service()).accessMap
  } catch (error) {
    if (error instanceof CommandFailure) return defaultAccessMap
    throw error
  }
}

/** Prints each check as it finishes, and on a terminal the current one. */
const progress = (
  { stdout, isTerminal: { stdout: onTerminal } }: CommandContext,
  renderLine: typeof import('../checks/render-report.ts')['renderReportLine'],
) => {
  return {
    started: ({ title }: { readonly title: string }) => {
      if (onTerminal) stdout.write(`  … ${title}`)
    },
    finished: (report: Parameters<typeof renderLine>[0]) => {
      stdout.write(`${onTerminal ? '\r\x1b[2K' : ''}${renderLine(report)}\n`)
    },
  }
}
