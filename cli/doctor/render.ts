import { causes } from '../../shared/diagnoses/index.ts'
import type { MendStep } from './finding.ts'
import type { Report } from './walk.ts'

const marks = { passed: '✓', failed: '✗', skipped: '·' } as const

const titleWidth = 30

/** One line of the list. */
export const renderLine = (report: Report): string => {
  const { outcome, title } = report
  const rest =
    outcome === 'passed'
      ? (report.evidence[0] ?? '')
      : outcome === 'failed'
        ? report.cause
        : `skipped (${report.reason.split('\n')[0]})`
  return `  ${marks[outcome]} ${title.padEnd(titleWidth)} ${rest}`.trimEnd()
}

/** What is broken, how it shows, and what mends it: below the list. */
export const renderFailure = (report: Report): string => {
  if (report.outcome !== 'failed') return ''
  const { title, cause, evidence, mend } = report
  return [
    `${title}: ${causes[cause].what} (${cause})`,
    ...evidence.map((line) => `  ${line}`),
    'How to fix it:',
    ...mend.map(mendLine),
  ].join('\n')
}

const mendLine = ({ kind, text }: MendStep): string =>
  kind === 'command' ? `  $ ${text}` : kind === 'sql' ? `  In Snowflake: ${text}` : `  ${text}`

export const renderSum = (reports: readonly Report[]): string => {
  const count = (outcome: Report['outcome']) => reports.filter((report) => report.outcome === outcome).length
  const [failed, unreached] = [count('failed'), count('skipped')]
  if (failed === 0 && unreached === 0) return `All ${reports.length} checks passed.`
  return `${count('passed')} passed, ${failed} failed, ${unreached} skipped.`
}

/** For programs. `docs/cli.md` has the form. */
export const toJson = (stage: string, reports: readonly Report[]): string =>
  JSON.stringify(
    {
      stage,
      ok: reports.every(({ outcome }) => outcome === 'passed'),
      checks: reports.map((report) =>
        report.outcome === 'failed' ? { ...report, summary: causes[report.cause].what } : report,
      ),
    },
    null,
    2,
  )
