import { causes } from '../../shared/diagnoses/index.ts'
import type { FixStep } from './finding.ts'
import type { CheckReport } from './run-checks.ts'

const outcomeMarks = { passed: '✓', failed: '✗', skipped: '·' } as const

const titleWidth = 30

/** One line of the list. */
export const renderReportLine = (report: CheckReport): string => {
  const { outcome, title } = report
  const rest =
    outcome === 'passed'
      ? (report.evidence[0] ?? '')
      : outcome === 'failed'
        ? report.cause
        : `skipped (${report.reason.split('\n')[0]})`
  return `  ${outcomeMarks[outcome]} ${title.padEnd(titleWidth)} ${rest}`.trimEnd()
}

/** The failure with its evidence and fixes, printed below the list. */
export const renderFailure = (report: CheckReport): string => {
  if (report.outcome !== 'failed') return ''
  const { title, cause, evidence, fixes } = report
  return [
    `${title}: ${causes[cause].summary} (${cause})`,
    ...evidence.map((line) => `  ${line}`),
    'How to fix it:',
    ...fixes.map(renderFixStep),
  ].join('\n')
}

const renderFixStep = ({ kind, text }: FixStep): string =>
  kind === 'command' ? `  $ ${text}` : kind === 'sql' ? `  In Snowflake: ${text}` : `  ${text}`

export const renderSummary = (reports: readonly CheckReport[]): string => {
  const count = (outcome: CheckReport['outcome']) => reports.filter((report) => report.outcome === outcome).length
  const [failed, skipped] = [count('failed'), count('skipped')]
  if (failed === 0 && skipped === 0) return `All ${reports.length} checks passed.`
  return `${count('passed')} passed, ${failed} failed, ${skipped} skipped.`
}

/** The output of --json, as documented in docs/cli.md. */
export const doctorJson = (stage: string, reports: readonly CheckReport[]): string =>
  JSON.stringify(
    {
      stage,
      ok: reports.every(({ outcome }) => outcome === 'passed'),
      checks: reports.map((report) =>
        report.outcome === 'failed' ? { ...report, summary: causes[report.cause].summary } : report,
      ),
    },
    null,
    2,
  )
