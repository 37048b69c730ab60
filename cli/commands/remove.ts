import { join } from 'node:path'
import { Command } from 'commander'
import { changesOf, renderChanges } from '../deploy/access-changes.ts'
import { confirmChanges } from '../deploy/confirm-changes.ts'
import { prepareRemoval } from '../deploy/remove-stage.ts'
import type { CommandContext } from '../io.ts'
import { defaultRegion } from '../osls/default-region.ts'

interface RemoveCommandOptions {
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
    .requiredOption('--stage <name>', 'deployed stage; it may be absent from the access map')
    .option('--region <name>', 'region of the deployment (default: region of serverless.yml)')
    .option('--profile <name>', 'AWS profile (default: the AWS SDK credential chain)')
    .option('--yes', 'remove without confirmation')
    .option('--dry-run', 'show who loses access without removing the stage')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  snowgate remove --stage dev')
    .action((options: RemoveCommandOptions) => remove(context, options))

const remove = async (context: CommandContext, options: RemoveCommandOptions): Promise<void> => {
  const { stage, region = defaultRegion(root), profile, yes, dryRun, json } = options
  const { env, stdout, stderr } = context
  const printProgress = (line: string): void => {
    stderr.write(`${line}\n`)
  }
  const progress = (line: string) => line.trim() && printProgress(`  ${line.trim()}`)
  const stageRemoval = await prepareRemoval({ root, stage, env, region, profile, progress })
  const deployed = await stageRemoval.deployed()
  const changes = typeof deployed === 'string' ? [] : changesOf(deployed, undefined)
  printProgress(`About to remove stage ${stage} (${stageRemoval.name}).\n`)
  if (deployed === 'unknown') printProgress('The deployed template has no access map; its callers cannot be listed.\n')
  else if (changes.length > 0) printProgress(`Access changes:\n\n${renderChanges(changes)}`)

  if (!dryRun) {
    if (!yes) await confirmChanges(`Type the stage name (${stage}) to remove it:`, [stage], context)
    await stageRemoval.remove()
  }
  if (json) stdout.write(`${JSON.stringify({ stage, changes, removed: !dryRun }, null, 2)}\n`)
  else if (!dryRun) stdout.write(`Removed stage ${stage}. ${remainingResources}\n`)
}

const remainingResources =
  'Not removed: integrations and functions in Snowflake, SSM parameters, IAM permissions of callers.'
