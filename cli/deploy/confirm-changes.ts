import { createInterface } from 'node:readline/promises'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { CommandIo } from '../io.ts'

/** The streams of a question: it goes to standard error, so that standard output stays for programs. */
type Terminal = Pick<CommandIo, 'stdin' | 'stderr' | 'isTerminal'>

/**
 * Returns if the answer is one of `answers`.
 * @throws CommandFailure for any other answer, and without a terminal
 */
export const confirmChanges = async (
  question: string,
  answers: readonly string[],
  { stdin, stderr, isTerminal }: Terminal,
): Promise<void> => {
  if (!isTerminal.stdin) throw usageFailure('Not a terminal.', 'Review the changes and pass --yes.')
  const lines = createInterface({ input: stdin, output: stderr })
  try {
    const answer = await Promise.race([
      lines.question(`${question} `),
      new Promise<string>((resolve) => lines.once('close', () => resolve(''))),
    ])
    if (answers.includes(answer.trim().toLowerCase())) return
  } finally {
    lines.close()
  }
  throw new CommandFailure('Nothing was changed.')
}
