import { createInterface } from 'node:readline/promises'
import { CommandFailure, usageFailure } from '../command-failure.ts'

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

/**
 * Goes on when the question is answered in one of the ways.
 * @throws CommandFailure when it is not, and when there is nobody to ask
 */
export const confirm = async (
  question: string,
  answers: readonly string[],
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> => {
  if (!input.isTTY) throw usageFailure('There is nobody to ask.', 'Read what changes, and give --yes.')
  const lines = createInterface({ input, output })
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
