import { join } from 'node:path'
import { type Ended, runProgram } from '../run-program.ts'

const main = join(import.meta.dirname, '../../cli/main.ts')

/** The command line as a process of its own. */
export const runSnowgate = (args: readonly string[], surroundings?: Parameters<typeof runProgram>[2]): Promise<Ended> =>
  runProgram(process.execPath, [main, ...args], surroundings)
