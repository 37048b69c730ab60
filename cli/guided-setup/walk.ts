import { CommandFailure } from '../command-failure.ts'
import type { Progress, Step } from './step.ts'

export interface Report {
  readonly title: string
  readonly outcome: 'as it was' | 'changed' | 'left out' | 'greeted' | 'to do' | 'not reached'
  readonly says: string
}

interface Manner {
  readonly dryRun: boolean
  /** Throws unless somebody agrees. */
  readonly agree: () => Promise<void>
  readonly say: Progress
}

const marks: Readonly<Record<Report['outcome'], string>> = {
  'as it was': '=',
  changed: '✓',
  greeted: '✓',
  'left out': '·',
  'to do': '-',
  'not reached': '·',
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
    if (isSoFar('not reached')) {
      report(title, 'not reached', later)
      continue
    }
    try {
      const found = await look()
      if (found.state === 'done') report(title, 'as it was', found.says)
      else if (found.state === 'left out') report(title, 'left out', found.says)
      else if (found.state === 'to do') {
        say(`\n→ ${title}:\n${found.shows}`)
        if (dryRun) {
          found.assume()
          report(title, 'to do', 'would be done as shown')
          continue
        }
        await agree()
        report(title, 'changed', await found.act(say))
      } else if (dryRun) report(title, 'to do', 'would be called')
      else {
        const tried = await found.act(say)
        if ('greeting' in tried) report(title, 'greeted', tried.greeting)
        else report(title, 'left out', tried.untried)
      }
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      if (dryRun && isSoFar('to do')) report(title, 'not reached', later)
      else throw inItsPlace(error, title, isSoFar('changed'))
    }
  }
  return reports
}

const later = 'can be seen once the steps before it are done'

const inItsPlace = (error: CommandFailure, title: string, somethingIsDone: boolean) =>
  new CommandFailure(`${title}: ${error.message}`, {
    exitCode: error.exitCode,
    ...(somethingIsDone && { remedy: 'What has a ✓ is done: the same command goes on from there.' }),
  })
