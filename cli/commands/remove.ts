import { join } from 'node:path'
import { Command } from 'commander'
import { changesOf, confirm, removal, renderChanges } from '../deploy/index.ts'
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

export const removeCommand = new Command('remove')
  .description('show who loses access, then take a deployed stage away from AWS')
  .requiredOption('--stage <name>', 'the stage; it may be gone from the access map')
  .option('--region <name>', 'where it is deployed (default: that of serverless.yml)')
  .option('--profile <name>', 'a profile of the AWS configuration; otherwise its usual places are searched')
  .option('--yes', 'do not ask')
  .option('--dry-run', 'show who would lose access, and change nothing')
  .option('--json', 'what is gone as one JSON object')
  .addHelpText('after', '\nExample:\n  snowgate remove --stage dev')
  .action(remove)

async function remove({ stage, region = defaultRegion(root), profile, yes, dryRun, json }: Options): Promise<void> {
  const progress = (line: string) => line.trim() && say(`  ${line.trim()}`)
  const removing = await removal({ root, stage, region, profile, progress })
  const deployed = await removing.deployed()
  const changes = typeof deployed === 'string' ? [] : changesOf(deployed, undefined)
  say(`Stage ${stage}, at ${removing.name}, would be taken away.\n`)
  if (deployed === 'untold') say('What is deployed does not tell its map: whoever may call it cannot be named.\n')
  else if (changes.length > 0) say(`Who loses what:\n\n${renderChanges(changes)}`)

  if (!dryRun) {
    if (!yes) await confirm(`To remove it, write its name, ${stage}:`, [stage])
    await removing.remove()
  }
  if (json) process.stdout.write(`${JSON.stringify({ stage, changes, removed: !dryRun }, null, 2)}\n`)
  else if (!dryRun) process.stdout.write(`Stage ${stage} is removed. ${whatStays}\n`)
}

const whatStays =
  'What others hold of it stays with them: integrations and functions in Snowflake, parameters of SSM, permissions of callers.'

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
