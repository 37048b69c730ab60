import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { usageFailure } from '../command-failure.ts'
import type { CommandIo } from '../io.ts'

/** `Name: value` lines of -H, as one record; a later line wins. */
export const headersOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*?)\s*$/.exec(line) ?? []
      if (name === undefined || value === undefined)
        throw usageFailure(`Invalid header: ${line}`, "Use -H 'Name: value'")
      return [name.toLowerCase(), value]
    }),
  )

/** The bytes of -d: the text itself, the file after `@`, or standard input for `@-`. Nothing is stripped or encoded. */
export const bodyOf = async (
  data: string | undefined,
  { cwd, stdin }: Pick<CommandIo, 'cwd' | 'stdin'>,
): Promise<Buffer | undefined> => {
  if (data === undefined) return undefined
  if (!data.startsWith('@')) return Buffer.from(data)
  if (data === '@-') return await buffer(stdin)
  return await readFile(resolve(cwd, data.slice(1))).catch(() => {
    throw usageFailure(`Cannot read ${data.slice(1)}.`, 'The text after @ is the path of the body file.')
  })
}
