import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { CommandIo } from '../io.ts'
import type { CallerTrust } from './edit-trust.ts'
import { parseIntegrationDescription } from './parse-integration-description.ts'
import type { PrintProgress } from './setup-step.ts'

interface PasteOptions {
  /** A file, or - for standard input; undefined: prompt for it. */
  readonly file: string | undefined
  readonly count: number
  /** What has to be run in the worksheet first. */
  readonly script: () => Promise<string>
  readonly print: PrintProgress
  readonly io: Pick<CommandIo, 'cwd' | 'stdin' | 'isTerminal'>
}

/** Reads the output of DESC INTEGRATION from the user. @throws CommandFailure with what is missing */
export const readPastedTrust = async ({ file, count, script, print, io }: PasteOptions): Promise<CallerTrust> => {
  const pastedText =
    file === undefined ? await promptForPaste({ count, script, print, io }) : await readPasteFile(file, io)
  const described = parseIntegrationDescription(pastedText, count)
  if ('trust' in described) return described.trust
  throw new CommandFailure(described.problem, {
    remedy: `Copy the full output of the ${count} DESC INTEGRATION statements.`,
  })
}

const readPasteFile = async (file: string, { cwd, stdin }: PasteOptions['io']): Promise<string> => {
  if (file === '-') return await text(stdin)
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch {
    throw usageFailure(`Cannot read ${file}.`)
  }
}

/** A cell may go on on the next line: what is whole is known by the empty line after it. */
const promptForPaste = async ({ count, script, print, io }: Omit<PasteOptions, 'file'>): Promise<string> => {
  if (!io.isTerminal.stdin) {
    throw usageFailure(
      'Not a terminal.',
      'Run the output of snowgate setup sql in a worksheet, and pass the DESC INTEGRATION output with --desc <file>.',
    )
  }
  print(`\nRun this in a Snowflake worksheet:\n\n${await script()}`)
  print('Paste the output of the DESC INTEGRATION statements, then an empty line.')
  let pasted = ''
  for await (const line of createInterface({ input: io.stdin })) {
    pasted += `${line}\n`
    if (line.trim() !== '') continue
    const described = parseIntegrationDescription(pasted, count)
    if ('trust' in described) break
    if (pasted.trim() !== '') print(`${described.problem} Paste more, or press Ctrl-D to stop.`)
  }
  return pasted
}
