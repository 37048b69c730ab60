import { createInterface } from 'node:readline/promises'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { CommandIo } from '../io.ts'

/** Where questions are answered: at the terminal, beside what a program reads. */
type Terminal = Pick<CommandIo, 'stdin' | 'stderr' | 'isTerminal'>

/**
 * Goes on when the question is answered in one of the ways.
 * @throws CommandFailure when it is not, and when there is nobody to ask
 */
export const confirm = async (
  question: string,
  answers: readonly string[],
  { stdin, stderr, isTerminal }: Terminal,
): Promise<void> => {
  if (!isTerminal.stdin) throw usageFailure('Not a terminal.', 'Review the changes and pass --yes.')
  const lines = createInterface({ input: stdin, output: stderr })
  try {
    const given = await Promise.race([
      lines.question(`${question} `),
      new Promise<string>((resolve) => lines.once('close', () => resolve(''))),
    ])
    if (answers.includes(given.trim().toLowerCase())) return
  } finally {
    lines.close()
  }
  throw new CommandFailure('Nothing was changed.')
}
