import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { isPending, type Stage } from '../../shared/access/index.ts'
import { aborted } from '../aborted.ts'
import type { CommandContext } from '../io.ts'
import { createLocalStackClient, defaultStackUrl } from '../local-stack/local-stack-client.ts'
import { packageService } from '../osls/package-service.ts'
import { readStage } from '../read-access-map-stage.ts'
import { copyAccessMap } from '../start/access-map-copy.ts'
import { applySetup } from '../start/baseline.ts'
import { listFaults, planFault } from '../start/fault-plan.ts'
import { injectFault } from '../start/inject-fault.ts'
import { smokeTest, smokeTestTargets } from '../start/smoke-test.ts'
import { startStackProcess } from '../start/stack-process.ts'

interface StartOptions {
  readonly stage: string
  readonly region?: string
  readonly access: string
  readonly port: string
  readonly seed?: string
  readonly break?: string
}

const root = join(import.meta.dirname, '..', '..')

const parsePort = (text: string) => {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Expected a number from 0 to 65535.')
  return text
}

export const createStartCommand = (context: CommandContext): Command =>
  new Command('start')
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--region <name>', 'region to compile the template for (default: region of serverless.yml)')
    .option('--access <path>', 'access map', join(root, 'access.yml'))
    .option('--port <number>', 'loopback port; 0 selects a free port', parsePort, '4566')
    .option('--seed <text>', 'seed for reproducible ids and keys (default: random)')
    .option('--break <fault>', 'start with one injected fault, to try snowgate doctor; --break list shows the faults')
    .addHelpText('after', '\nStop with Ctrl-C. The log, with the reason for every rejection, goes to standard error.')
    .action((options: StartOptions) => start(context, options))

const start = async (context: CommandContext, options: StartOptions): Promise<void> => {
  try {
    if (options.break === 'list') context.stdout.write(await listFaults(root))
    else if (options.break !== undefined) await startWithFault(context, options, options.break)
    else await startService(context, options)
  } catch (error) {
    // An error after Ctrl-C is no failure.
    if (!context.signal.aborted) throw error
  }
}

/** Uses a copy of the map, so that faults and fixes do not change the original. */
const startWithFault = async (context: CommandContext, options: StartOptions, fault: string): Promise<void> => {
  const { cwd, env, signal, stderr } = context
  const { stage, region, port, seed } = options
  const printLine = printer(context)
  const access = resolve(cwd, options.access)
  readStage(access, stage)
  const map = await copyAccessMap(access)
  try {
    const plan = await planFault(root, fault, { access, stage })
    await map.edit(stage, plan.prerequisites)
    const packageMap = async () => {
      const options = { stage, env, access: map.path, ...(region !== undefined && { region }) }
      return (await Promise.race([packageService(root, options), aborted(signal)])).directory
    }
    if (plan.stopped) {
      printLine(faultMessage(stage, ''))
      return
    }
    printLine(`Setting up stage ${stage} from a copy of the access map: ${map.path} …`)
    const packageDirectory = await packageMap()
    await using running = await startStackProcess(root, { packageDirectory, access: map.path, port, seed, env, signal })
    const stack = createLocalStackClient(running.url)
    await applySetup(stack, stage, readStage(map.path, stage))
    await injectFault({ stack, stageName: stage, fault, plan, map, packageMap })
    printLine(faultMessage(stage, stackFlag(running.url)))
    printLine(`snowgate ready ${running.url}`)
    running.showLog(stderr)
    context.setExitCode(await running.exitCode)
  } finally {
    await map.remove()
  }
}

const faultMessage = (stage: string, flag: string) => `
One fault is injected. In another terminal, find it, fix it, and check again:
  npx snowgate doctor --stage ${stage}${flag}
To withdraw the fault, and restore all that it and your fixes changed (deployment, Snowflake, parameters, the map's copy, clock):
  curl -X DELETE ${flag === '' ? defaultStackUrl : flag.replace(' --stack ', '')}/_snowgate/fault
`

const stackFlag = (url: string) => (url === defaultStackUrl ? '' : ` --stack ${url}`)

const startService = async (context: CommandContext, options: StartOptions): Promise<void> => {
  const { cwd, env, signal, stdout, stderr } = context
  const { stage: stageName, region, port, seed } = options
  const printLine = printer(context)
  const access = resolve(cwd, options.access)
  const stage = readStage(access, stageName)

  printLine(`Packaging functions and compiling the template for stage ${stageName} …`)
  const packaging = packageService(root, { stage: stageName, env, access, ...(region !== undefined && { region }) })
  const { directory: packageDirectory } = await Promise.race([packaging, aborted(signal)])
  await using running = await startStackProcess(root, { packageDirectory, access, port, seed, env, signal })

  const localStack = createLocalStackClient(running.url)
  printLine('\nPOST /hello {"name":"Alice"}, called as every identity:\n')
  stdout.write(await smokeTest(localStack))
  const targets = await smokeTestTargets(stage, localStack)
  if (targets)
    printLine(`\nTargets in other accounts, called through POST /invoke as ${targets.as}:\n\n${targets.rows.trimEnd()}`)
  printLine(`${nextCommands(running.url, stageName, stage)}\n`)
  printLine(`snowgate ready ${running.url}`)
  running.showLog(stderr)
  context.setExitCode(await running.exitCode)
}

const nextCommands = (url: string, stageName: string, { callers }: Stage) => {
  const flags = `${stageName === 'dev' ? '' : ` --stage ${stageName}`}${stackFlag(url)}`
  const flag = stackFlag(url)
  const snowflake = [...callers.values()].find((caller) => caller.kind === 'snowflake')
  const inSql = [
    // A pending caller needs confirmation: setup grants access.
    `npx snowgate setup${snowflake && isPending(snowflake) ? '' : ' --yes'}${flags}   # creates integrations, functions and the service user in Snowflake`,
    `npx snowgate sql${flag} "SELECT snowgate.${stageName}.hello(name) FROM (VALUES ('Alice'), ('Bob')) AS t(name)"`,
  ]
  return [
    '\nTry, in another terminal:',
    `npx snowgate call --as analytics /hello -d '{"name":"Bob"}'${flag}`,
    `npx snowgate call --as stranger --explain POST /hello${flag}`,
    `eval "$(npx snowgate env analytics${flag})"   # then boto3, curl and the AWS CLI act as analytics: docs/clients.md`,
    ...(snowflake ? inSql : []),
    `npx snowgate doctor${flags}   # checks every step, shows failures and how to fix them`,
  ].join('\n  ')
}

const printer =
  ({ stdout }: CommandContext) =>
  (line: string) =>
    stdout.write(`${line}\n`)
