import type { Explained, ExplainedCause } from './explain.ts'

export const renderExplained = (explained: readonly Explained[]): string =>
  explained
    .map(({ system, means, remedy, causes, source }) =>
      [
        `${system}: ${means}`,
        ...(remedy === undefined ? [] : [`  ${remedy}`]),
        ...causes.flatMap((cause, index) => [
          `\n  ${causes.length > 1 ? `${index + 1}. ` : ''}${cause.what} [${cause.id}]`,
          `     How to check: ${cause.tell}`,
          `     Fix: ${cause.mend}`,
        ]),
        `\n  Source: ${source}\n`,
      ].join('\n'),
    )
    .join('\n')

/** One cause, and how its systems put it. */
export const renderCause = ({ id, what, tell, mend }: ExplainedCause, says: readonly string[]): string =>
  [
    `${id}: ${what}`,
    `  How to check: ${tell}`,
    `  Fix: ${mend}`,
    ...(says.length > 0 ? ['', '  Error texts:', ...says.map((words) => `    ${words}`)] : []),
    '',
  ].join('\n')
