import { join } from 'node:path'
import { type Ended, runProgram } from '../run-program.ts'

type Run = (args: readonly string[], surroundings?: Parameters<typeof runProgram>[2]) => Promise<Ended>

/** The command line of a copy of the repository. */
export const snowgateOf =
  (root: string): Run =>
  (args, surroundings) =>
    runProgram(process.execPath, [join(root, 'cli', 'main.ts'), ...args], surroundings)

/** The command line as a process of its own. */
export const runSnowgate: Run = snowgateOf(join(import.meta.dirname, '../..'))
