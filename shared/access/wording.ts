/** Describes a value of the wrong type. */
export const kindOf = (value: unknown): string => {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : quoted(value)
}

export const isMapping = (value: unknown): value is object => kindOf(value) === 'a mapping'

/** A value as one line: control characters escaped, long texts truncated. */
export const quoted = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** zod's `error` for a value of the wrong type: the current value, and what to write. */
export const expected =
  (instead: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    `${input === undefined ? 'this is missing' : `the value is ${kindOf(input)}`}: write ${instead}`
