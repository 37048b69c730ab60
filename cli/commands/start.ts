import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { isShut, type Stage } from '../../shared/access/index.ts'
import { openLocalStack, stackOption } from '../local-stack/index.ts'
import { packageService } from '../osls/index.ts'
import { readStage } from '../read-stage.ts'
import { rehearse, rehearseTargets, runStack } from '../start/index.ts'

interface Options {
  readonly stage: string
  readonly region?: string
  readonly access: string
  readonly port: string
  readonly seed?: string
}

const root = join(import.meta.dirname, '..', '..')

const port = (text: string) => {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It is a number from 0 to 65535.')
  return text
}

export const startCommand = new Command('start')
  .description(
    'package the service and run it on this machine, behind a local stack that refuses what AWS would refuse',
  )
  .option('--stage <name>', 'a stage of the access map', 'dev')
  .option('--region <name>', 'the region the template is compiled for (default: that of serverless.yml)')
  .option('--access <path>', 'the access map', join(root, 'access.yml'))
  .option('--port <number>', 'where to listen on loopback; 0 takes a free port', port, '4566')
  .option('--seed <text>', 'the same ids and keys in every run (default: new ones)')
  .addHelpText('after', '\nIt ends with Ctrl-C. Its log, with the reason of every refusal, goes to standard error.')
  .action(start)

async function start(options: Options): Promise<void> {
  const access = resolve(options.access)
  const stage = readStage(access, options.stage)

  say(`Packaging the functions and compiling the template of stage ${options.stage} …`)
  await packageService(root, { ...options, access })
  const stack = await runStack(root, { ...options, access })
  process.on('SIGINT', stack.stop)
  process.on('SIGTERM', stack.stop)

  const localStack = openLocalStack(stack.url)
  say('\nPOST /hello {"name":"Alice"}, called as everybody on the map:\n')
  process.stdout.write(await rehearse(localStack))
  const targets = await rehearseTargets(stage, localStack)
  if (targets)
    say(`\nTargets of other accounts, called through POST /invoke as ${targets.as}:\n\n${targets.rows.trimEnd()}`)
  say(`${whatToTry(stack.url, options.stage, stage)}\n`)
  say(`snowgate ready ${stack.url}`)
  stack.showLog()
  process.exitCode = await stack.ended
}

const whatToTry = (url: string, stageName: string, { callers }: Stage) => {
  const flag = url === stackOption.defaultValue ? '' : ` --stack ${url}`
  const fromSnowflake = [...callers.values()].some((caller) => caller.kind === 'snowflake' && !isShut(caller))
  const inSql = [
    `npx snowgate setup sql --stage ${stageName}${flag} | npx snowgate sql${flag}`,
    `npx snowgate sql${flag} "SELECT snowgate.${stageName}.hello(name) FROM (VALUES ('Alice'), ('Bob')) AS t(name)"`,
  ]
  return [
    '\nTry, in another terminal:',
    `npx snowgate call --as analytics /hello -d '{"name":"Bob"}'${flag}`,
    `npx snowgate call --as stranger --explain POST /hello${flag}`,
    `eval "$(npx snowgate env analytics${flag})"   # then boto3, curl and the AWS CLI are analytics: docs/clients.md`,
    ...(fromSnowflake ? inSql : []),
  ].join('\n  ')
}

const say = (line: string) => process.stdout.write(`${line}\n`)
