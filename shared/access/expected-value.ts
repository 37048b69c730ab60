/** Describes a value of the wrong type. */
export const describeKind = (value: unknown): string => {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : quoteValue(value)
}

export const isMapping = (value: unknown): value is object => describeKind(value) === 'a mapping'

/** A value as one line: control characters escaped, long texts truncated. */
export const quoteValue = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** zod's `error` for a value of the wrong type: the current value, and what to write. */
export const expectedMessage =
  (suggestion: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    `${input === undefined ? 'this is missing' : `the value is ${describeKind(input)}`}: write ${suggestion}`
