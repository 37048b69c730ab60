import type * as z from 'zod'
import { parseJson } from '../../parse-json.ts'
import { CannotTell } from '../finding.ts'

/**
 * What AWS answers; undefined where it says that there is no such thing. Any other refusal is the end of looking: it says what
 * whoever looks may not see, and nothing of what is looked at.
 */
export const look = async <Answer>(
  what: string,
  ask: () => Promise<Answer>,
  isAbsent: (error: Error) => boolean = () => false,
): Promise<Answer | undefined> => {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (isAbsent(error)) return undefined
    throw new CannotTell(`AWS rejected ${what}: ${error.name}: ${error.message}`)
  }
}

export const isNamed =
  (...names: readonly string[]) =>
  ({ name }: Error): boolean =>
    names.includes(name)

/** A document within an answer: one whose form is not known here says nothing. */
export const readDocument = <Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  what: string,
): z.output<Schema> => {
  const read = schema.safeParse(parseJson(text))
  if (read.success) return read.data
  throw new CannotTell(`${what} has an unknown format: ${read.error.issues[0]?.message ?? ''}`)
}
