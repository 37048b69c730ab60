import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { closestMatch } from '../../shared/access/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'

const mapEdit = z.object({ path: z.array(z.string()), value: z.unknown().optional() })

const faultPlan = z.object({
  /** What the map must contain before the fault. */
  prerequisites: z.array(mapEdit),
  /** The edits of the fault, and whether they are deployed. */
  edits: z.array(mapEdit),
  deployed: z.boolean(),
  /** The fault is that no stack runs. */
  stopped: z.boolean(),
})

/** Sets the value at a path in a stage of the map; without a value, removes it. */
export type MapEdit = z.infer<typeof mapEdit>
export type FaultPlan = z.infer<typeof faultPlan>

interface FaultPlanOptions {
  readonly access: string
  readonly stage: string
}

/** The local stack defines the faults. It is run as a program, since no stack is running yet. */
const runFaultProgram = async (root: string, args: readonly string[]): Promise<string> => {
  const program = join(root, 'local', 'faults', 'main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]).catch(
    ({ stderr }: { readonly stderr: string }) => {
      throw new CommandFailure(stderr.trim(), { remedy: 'All faults: npx snowgate start --break list' })
    },
  )
  return stdout
}

/** One per line. */
export const listFaults = (root: string): Promise<string> => runFaultProgram(root, [])

/** @throws CommandFailure for an unknown fault, or one that the map does not support */
export const planFault = async (
  root: string,
  name: string,
  { access, stage }: FaultPlanOptions,
): Promise<FaultPlan> => {
  const names = (await listFaults(root)).trim().split('\n')
  if (!names.includes(name)) {
    const suggestion = closestMatch(name, names)
    const guess = suggestion === undefined ? '' : `Did you mean ${suggestion}? `
    throw usageFailure(`Unknown fault ${JSON.stringify(name)}.`, `${guess}All faults: npx snowgate start --break list`)
  }
  return faultPlan.parse(JSON.parse(await runFaultProgram(root, [name, '--access', access, '--stage', stage])))
}
