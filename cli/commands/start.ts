import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { isShut, type Stage } from '../../shared/access/index.ts'
import { aborted } from '../aborted.ts'
import type { CommandContext } from '../io.ts'
import { defaultStackUrl, openLocalStack } from '../local-stack/index.ts'
import { packageService } from '../osls/index.ts'
import { readStage } from '../read-stage.ts'
import {
  copyMap,
  injectFault,
  listFaults,
  planFault,
  rehearse,
  rehearseTargets,
  runStack,
  setUpWhole,
} from '../start/index.ts'

interface Options {
  readonly stage: string
  readonly region?: string
  readonly access: string
  readonly port: string
  readonly seed?: string
  readonly break?: string
}

const root = join(import.meta.dirname, '..', '..')

const port = (text: string) => {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Expected a number from 0 to 65535.')
  return text
}

export const createStartCommand = (context: CommandContext): Command =>
  new Command('start')
    .option('--stage <name>', 'stage of the access map', 'dev')
    .option('--region <name>', 'region to compile the template for (default: region of serverless.yml)')
    .option('--access <path>', 'access map', join(root, 'access.yml'))
    .option('--port <number>', 'loopback port; 0 selects a free port', port, '4566')
    .option('--seed <text>', 'seed for reproducible ids and keys (default: random)')
    .option('--break <fault>', 'start with one injected fault, to try snowgate doctor; --break list shows the faults')
    .addHelpText('after', '\nStop with Ctrl-C. The log, with the reason for every rejection, goes to standard error.')
    .action((options: Options) => start(context, options))

const start = async (context: CommandContext, options: Options): Promise<void> => {
  try {
    if (options.break === 'list') context.stdout.write(await listFaults(root))
    else if (options.break !== undefined) await startBroken(context, options, options.break)
    else await startService(context, options)
  } catch (error) {
    // What fails because the stack has been told to end is no failure.
    if (!context.signal.aborted) throw error
  }
}

/** On a copy of the map, so that whatever is broken in it, or mended, the map itself stays as it is. */
const startBroken = async (context: CommandContext, options: Options, fault: string): Promise<void> => {
  const { cwd, env, signal, stderr } = context
  const { stage, region, port, seed } = options
  const say = printer(context)
  const access = resolve(cwd, options.access)
  readStage(access, stage)
  const map = await copyMap(access)
  try {
    const plan = await planFault(root, fault, { access, stage })
    await map.edit(stage, plan.given)
    const packageMap = async () => {
      const order = { stage, env, access: map.path, ...(region !== undefined && { region }) }
      return (await Promise.race([packageService(root, order), aborted(signal)])).directory
    }
    if (plan.stopped) {
      say(somethingIsBroken(stage, ''))
      return
    }
    say(`Setting up stage ${stage} from a copy of the access map: ${map.path} …`)
    const packageDirectory = await packageMap()
    await using running = await runStack(root, { packageDirectory, access: map.path, port, seed, env, signal })
    const stack = openLocalStack(running.url)
    await setUpWhole(stack, stage, readStage(map.path, stage))
    await injectFault({ stack, stageName: stage, fault, plan, map, packageMap })
    say(somethingIsBroken(stage, flagOf(running.url)))
    say(`snowgate ready ${running.url}`)
    running.showLog(stderr)
    context.setExitCode(await running.ended)
  } finally {
    await map.remove()
  }
}

const somethingIsBroken = (stage: string, flag: string) => `
One fault is injected. In another terminal, find it, fix it, and check again:
  npx snowgate doctor --stage ${stage}${flag}
To withdraw the fault, and restore all that it and your fixes changed (deployment, Snowflake, parameters, the map's copy, clock):
  curl -X DELETE ${flag === '' ? defaultStackUrl : flag.replace(' --stack ', '')}/_snowgate/fault
`

const flagOf = (url: string) => (url === defaultStackUrl ? '' : ` --stack ${url}`)

const startService = async (context: CommandContext, options: Options): Promise<void> => {
  const { cwd, env, signal, stdout, stderr } = context
  const { stage: stageName, region, port, seed } = options
  const say = printer(context)
  const access = resolve(cwd, options.access)
  const stage = readStage(access, stageName)

  say(`Packaging the functions and compiling the template of stage ${stageName} …`)
  const packaging = packageService(root, { stage: stageName, env, access, ...(region !== undefined && { region }) })
  const { directory: packageDirectory } = await Promise.race([packaging, aborted(signal)])
  await using running = await runStack(root, { packageDirectory, access, port, seed, env, signal })

  const localStack = openLocalStack(running.url)
  say('\nPOST /hello {"name":"Alice"}, called as every identity:\n')
  stdout.write(await rehearse(localStack))
  const targets = await rehearseTargets(stage, localStack)
  if (targets)
    say(`\nTargets in other accounts, called through POST /invoke as ${targets.as}:\n\n${targets.rows.trimEnd()}`)
  say(`${whatToTry(running.url, stageName, stage)}\n`)
  say(`snowgate ready ${running.url}`)
  running.showLog(stderr)
  context.setExitCode(await running.ended)
}

const whatToTry = (url: string, stageName: string, { callers }: Stage) => {
  const flags = `${stageName === 'dev' ? '' : ` --stage ${stageName}`}${flagOf(url)}`
  const flag = flagOf(url)
  const snowflake = [...callers.values()].find((caller) => caller.kind === 'snowflake')
  const inSql = [
    // What opens a door is asked first.
    `npx snowgate setup${snowflake && isShut(snowflake) ? '' : ' --yes'}${flags}   # creates integrations, functions and the service user in Snowflake`,
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
