import { join } from 'node:path'
import { Command } from 'commander'
import { changesOf, confirm, removal, renderChanges } from '../deploy/index.ts'
import type { CommandContext } from '../io.ts'
import { defaultRegion } from '../osls/index.ts'

interface Options {
  readonly stage: string
  readonly region?: string
  readonly profile?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

const root = join(import.meta.dirname, '..', '..')

export const createRemoveCommand = (context: CommandContext): Command =>
  new Command('remove')
    .requiredOption('--stage <name>', 'the stage; it may be gone from the access map')
    .option('--region <name>', 'where it is deployed (default: that of serverless.yml)')
    .option('--profile <name>', 'a profile of the AWS configuration; otherwise its usual places are searched')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show who would lose access, and change nothing')
    .option('--json', 'what is gone as one JSON object')
    .addHelpText('after', '\nExample:\n  snowgate remove --stage dev')
    .action((options: Options) => remove(context, options))

const remove = async (context: CommandContext, options: Options): Promise<void> => {
  const { stage, region = defaultRegion(root), profile, yes, dryRun, json } = options
  const { env, stdout, stderr } = context
  const say = (line: string): void => {
    stderr.write(`${line}\n`)
  }
  const progress = (line: string) => line.trim() && say(`  ${line.trim()}`)
  const removing = await removal({ root, stage, env, region, profile, progress })
  const deployed = await removing.deployed()
  const changes = typeof deployed === 'string' ? [] : changesOf(deployed, undefined)
  say(`Stage ${stage}, at ${removing.name}, would be taken away.\n`)
  if (deployed === 'untold') say('What is deployed does not tell its map: whoever may call it cannot be named.\n')
  else if (changes.length > 0) say(`Who loses what:\n\n${renderChanges(changes)}`)

  if (!dryRun) {
    if (!yes) await confirm(`To remove it, write its name, ${stage}:`, [stage], context)
    await removing.remove()
  }
  if (json) stdout.write(`${JSON.stringify({ stage, changes, removed: !dryRun }, null, 2)}\n`)
  else if (!dryRun) stdout.write(`Stage ${stage} is removed. ${whatStays}\n`)
}

const whatStays =
  'What others hold of it stays with them: integrations and functions in Snowflake, parameters of SSM, permissions of callers.'
