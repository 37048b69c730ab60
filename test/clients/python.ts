import { join } from 'node:path'
import { z } from 'zod'
import { runProgram } from '../run-program.ts'
import type { Outcome } from './journey.ts'
import { pythonBin } from './python-environment.ts'

const outcome = z.object({
  status: z.number().optional(),
  errorType: z.string().optional(),
  words: z.string(),
})

/** A script of `python/` reads its order from standard input, and prints what came of it as one JSON object. */
export const runPython = async (script: string, order: unknown): Promise<Outcome> => {
  const path = join(import.meta.dirname, 'python', script)
  const { code, stdout, stderr } = await runProgram(join(pythonBin, 'python'), [path], { stdin: JSON.stringify(order) })
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`)
  const { status, errorType, words } = outcome.parse(JSON.parse(stdout))
  return { words, ...(status !== undefined && { status }), ...(errorType !== undefined && { errorType }) }
}
