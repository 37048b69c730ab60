import type { CauseExplanation, ErrorExplanation } from './explain.ts'

export const renderExplanations = (explained: readonly ErrorExplanation[]): string =>
  explained
    .map(({ system, summary, remedy, causes, source }) =>
      [
        `${system}: ${summary}`,
        ...(remedy === undefined ? [] : [`  ${remedy}`]),
        ...causes.flatMap((cause, index) => [
          `\n  ${causes.length > 1 ? `${index + 1}. ` : ''}${cause.summary} [${cause.id}]`,
          `     How to check: ${cause.howToTell}`,
          `     Fix: ${cause.fix}`,
        ]),
        `\n  Source: ${source}\n`,
      ].join('\n'),
    )
    .join('\n')

/** One cause, and how its systems put it. */
export const renderCause = ({ id, summary, howToTell, fix }: CauseExplanation, errorTexts: readonly string[]): string =>
  [
    `${id}: ${summary}`,
    `  How to check: ${howToTell}`,
    `  Fix: ${fix}`,
    ...(errorTexts.length > 0 ? ['', '  Error texts:', ...errorTexts.map((words) => `    ${words}`)] : []),
    '',
  ].join('\n')
