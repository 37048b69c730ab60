import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { nearest } from '../../shared/access/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'

const mapEdit = z.object({ path: z.array(z.string()), value: z.unknown().optional() })

const plan = z.object({
  /** What the map has to say in the whole world. */
  given: z.array(mapEdit),
  /** What is written into it to break something, and whether that is deployed. */
  edits: z.array(mapEdit),
  deployed: z.boolean(),
  /** There is to be no stack at all. */
  stopped: z.boolean(),
})

/** In a stage of the map: what stands at the path from now on; without a value, nothing does. */
export type MapEdit = z.infer<typeof mapEdit>
export type Plan = z.infer<typeof plan>

interface Place {
  readonly access: string
  readonly stage: string
}

/** The local stack knows by what it can be broken; it is asked as a program, since there is none yet that would answer. */
const ask = async (root: string, args: readonly string[]): Promise<string> => {
  const program = join(root, 'local', 'faults', 'main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]).catch(
    ({ stderr }: { readonly stderr: string }) => {
      throw new CommandFailure(stderr.trim(), { remedy: 'All faults: npx snowgate start --break list' })
    },
  )
  return stdout
}

/** One a line. */
export const listFaults = (root: string): Promise<string> => ask(root, [])

/** @throws CommandFailure where there is no such fault, or the map has nothing that it could be of */
export const planFault = async (root: string, name: string, { access, stage }: Place): Promise<Plan> => {
  const names = (await listFaults(root)).trim().split('\n')
  if (!names.includes(name)) {
    const meant = nearest(name, names)
    const guess = meant === undefined ? '' : `Did you mean ${meant}? `
    throw usageFailure(`Unknown fault ${JSON.stringify(name)}.`, `${guess}All faults: npx snowgate start --break list`)
  }
  return plan.parse(JSON.parse(await ask(root, [name, '--access', access, '--stage', stage])))
}
