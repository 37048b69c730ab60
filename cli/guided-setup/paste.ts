import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { CommandIo } from '../io.ts'
import { readDescribed } from './read-described.ts'
import type { Progress } from './step.ts'
import type { Trust } from './trust.ts'

interface Order {
  /** A file, or - for standard input; undefined: somebody is asked. */
  readonly file: string | undefined
  readonly count: number
  /** What has to be run in the worksheet first. */
  readonly script: () => Promise<string>
  readonly say: Progress
  readonly io: Pick<CommandIo, 'cwd' | 'stdin' | 'isTerminal'>
}

/** What DESC INTEGRATION showed somebody. @throws CommandFailure with what is missing */
export const readPasted = async ({ file, count, script, say, io }: Order): Promise<Trust> => {
  const given = file === undefined ? await asked({ count, script, say, io }) : await read(file, io)
  const described = readDescribed(given, count)
  if ('trust' in described) return described.trust
  throw new CommandFailure(described.fault, {
    remedy: `Copy the full output of the ${count} DESC INTEGRATION statements.`,
  })
}

const read = async (file: string, { cwd, stdin }: Order['io']): Promise<string> => {
  if (file === '-') return await text(stdin)
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch {
    throw usageFailure(`Cannot read ${file}.`)
  }
}

/** A cell may go on on the next line: what is whole is known by the empty line after it. */
const asked = async ({ count, script, say, io }: Omit<Order, 'file'>): Promise<string> => {
  if (!io.isTerminal.stdin) {
    throw usageFailure(
      'Not a terminal.',
      'Run the output of snowgate setup sql in a worksheet, and pass the DESC INTEGRATION output with --desc <file>.',
    )
  }
  say(`\nRun this in a Snowflake worksheet:\n\n${await script()}`)
  say('Paste the output of the DESC INTEGRATION statements, then an empty line.')
  let pasted = ''
  for await (const line of createInterface({ input: io.stdin })) {
    pasted += `${line}\n`
    if (line.trim() !== '') continue
    const described = readDescribed(pasted, count)
    if ('trust' in described) break
    if (pasted.trim() !== '') say(`${described.fault} Paste more, or press Ctrl-D to stop.`)
  }
  return pasted
}
