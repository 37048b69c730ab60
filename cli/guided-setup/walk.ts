import { CommandFailure } from '../command-failure.ts'
import type { Progress, Step } from './step.ts'

export interface Report {
  readonly title: string
  readonly outcome: 'unchanged' | 'changed' | 'skipped' | 'verified' | 'pending' | 'not inspected'
  readonly says: string
}

interface Manner {
  readonly dryRun: boolean
  /** Throws unless somebody agrees. */
  readonly agree: () => Promise<void>
  readonly say: Progress
}

const marks: Readonly<Record<Report['outcome'], string>> = {
  unchanged: '=',
  changed: '✓',
  verified: '✓',
  skipped: '·',
  pending: '-',
  'not inspected': '·',
}

/** One step after the other. What a dry run has not done, what comes after may miss: that is told and no failure. */
export const walk = async (steps: readonly Step[], { dryRun, agree, say }: Manner): Promise<readonly Report[]> => {
  const reports: Report[] = []
  const report = (title: string, outcome: Report['outcome'], says: string) => {
    reports.push({ title, outcome, says })
    say(`${marks[outcome]} ${title}: ${says}`)
  }
  const isSoFar = (outcome: Report['outcome']) => reports.some((one) => one.outcome === outcome)

  for (const { title, look } of steps) {
    if (isSoFar('not inspected')) {
      report(title, 'not inspected', later)
      continue
    }
    try {
      const found = await look()
      if (found.state === 'done') report(title, 'unchanged', found.says)
      else if (found.state === 'skipped') report(title, 'skipped', found.says)
      else if (found.state === 'pending') {
        say(`\n→ ${title}:\n${found.shows}`)
        if (dryRun) {
          found.assume()
          report(title, 'pending', 'would be applied as shown')
          continue
        }
        await agree()
        report(title, 'changed', await found.act(say))
      } else if (dryRun) report(title, 'pending', 'would be called')
      else {
        const tried = await found.act(say)
        if ('greeting' in tried) report(title, 'verified', tried.greeting)
        else report(title, 'skipped', tried.untried)
      }
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      if (dryRun && isSoFar('pending')) report(title, 'not inspected', later)
      else throw inItsPlace(error, title, isSoFar('changed'))
    }
  }
  return reports
}

const later = 'depends on the steps above'

const inItsPlace = (error: CommandFailure, title: string, somethingIsDone: boolean) =>
  new CommandFailure(`${title}: ${error.message}`, {
    exitCode: error.exitCode,
    ...(somethingIsDone && { remedy: 'Steps marked ✓ are done. Run the same command again to resume.' }),
  })
