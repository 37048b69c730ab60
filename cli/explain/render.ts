import type { Explained, ExplainedCause } from './explain.ts'

export const renderExplained = (explained: readonly Explained[]): string =>
  explained
    .map(({ system, means, remedy, causes, source }) =>
      [
        `${system}: ${means}`,
        ...(remedy === undefined ? [] : [`  ${remedy}`]),
        ...causes.flatMap((cause, index) => [
          `\n  ${causes.length > 1 ? `${index + 1}. ` : ''}${cause.what} [${cause.id}]`,
          `     tell: ${cause.tell}`,
          `     mend: ${cause.mend}`,
        ]),
        `\n  known from: ${source}\n`,
      ].join('\n'),
    )
    .join('\n')

/** One cause, and how its systems put it. */
export const renderCause = ({ id, what, tell, mend }: ExplainedCause, says: readonly string[]): string =>
  [
    `${id}: ${what}`,
    `  tell: ${tell}`,
    `  mend: ${mend}`,
    ...(says.length > 0 ? ['', '  shown by:', ...says.map((words) => `    ${words}`)] : []),
    '',
  ].join('\n')
