import { CommandFailure } from '../command-failure.ts'
import type { PrintProgress, SetupStep } from './setup-step.ts'

export interface SetupReport {
  readonly title: string
  readonly outcome: 'unchanged' | 'changed' | 'skipped' | 'verified' | 'pending' | 'not inspected'
  readonly message: string
}

interface SetupRunOptions {
  readonly dryRun: boolean
  /** Throws unless the user confirms. */
  readonly confirm: () => Promise<void>
  readonly print: PrintProgress
}

const outcomeMarks: Readonly<Record<SetupReport['outcome'], string>> = {
  unchanged: '=',
  changed: '✓',
  verified: '✓',
  skipped: '·',
  pending: '-',
  'not inspected': '·',
}

/** Runs the steps in order. In a dry run, a step that depends on a pending one is not inspected, which is no failure. */
export const runSetupSteps = async (
  steps: readonly SetupStep[],
  { dryRun, confirm, print }: SetupRunOptions,
): Promise<readonly SetupReport[]> => {
  const reports: SetupReport[] = []
  const report = (title: string, outcome: SetupReport['outcome'], message: string) => {
    reports.push({ title, outcome, message })
    print(`${outcomeMarks[outcome]} ${title}: ${message}`)
  }
  const isSoFar = (outcome: SetupReport['outcome']) => reports.some((one) => one.outcome === outcome)

  for (const { title, inspect } of steps) {
    if (isSoFar('not inspected')) {
      report(title, 'not inspected', notInspectedYet)
      continue
    }
    try {
      const found = await inspect()
      if (found.state === 'done') report(title, 'unchanged', found.message)
      else if (found.state === 'skipped') report(title, 'skipped', found.message)
      else if (found.state === 'pending') {
        print(`\n→ ${title}:\n${found.preview}`)
        if (dryRun) {
          found.previewOnly()
          report(title, 'pending', 'would be applied as shown')
          continue
        }
        await confirm()
        report(title, 'changed', await found.apply(print))
      } else if (dryRun) report(title, 'pending', 'would be called')
      else {
        const tried = await found.apply(print)
        if ('answer' in tried) report(title, 'verified', tried.answer)
        else report(title, 'skipped', tried.reason)
      }
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      if (dryRun && isSoFar('pending')) report(title, 'not inspected', notInspectedYet)
      else throw prefixWithStep(error, title, isSoFar('changed'))
    }
  }
  return reports
}

const notInspectedYet = 'depends on the steps above'

const prefixWithStep = (error: CommandFailure, title: string, somethingIsDone: boolean) =>
  new CommandFailure(`${title}: ${error.message}`, {
    exitCode: error.exitCode,
    ...(somethingIsDone && { remedy: 'Steps marked ✓ are done. Run the same command again to resume.' }),
  })
