import { join } from 'node:path'
import { z } from 'zod'
import { runProgram } from '../run-program.ts'
import type { ClientResult } from './client-call.ts'
import { pythonBin } from './python-environment.ts'

const outcome = z.object({
  status: z.number().optional(),
  errorType: z.string().optional(),
  message: z.string(),
})

/** A script of `python/` reads its input as JSON from standard input, and prints its result as one JSON object. */
export const runPython = async (script: string, input: unknown): Promise<ClientResult> => {
  const path = join(import.meta.dirname, 'python', script)
  const { code, stdout, stderr } = await runProgram(join(pythonBin, 'python'), [path], { stdin: JSON.stringify(input) })
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`)
  const { status, errorType, message } = outcome.parse(JSON.parse(stdout))
  return { message, ...(status !== undefined && { status }), ...(errorType !== undefined && { errorType }) }
}
