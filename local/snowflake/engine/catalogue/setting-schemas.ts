import * as z from 'zod'

/** What stands after `=`, as the parser hands it on. */
export const text = z.string()
export const texts = z.array(text)
export const flag = z.boolean()
export const comment = text.default('')
export const name = z.strictObject({ name: z.array(text) }).transform((given) => given.name)
export const names = z.array(name)
export const word = name.transform((parts) => parts.join('.'))

export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) => word.pipe(z.enum(words))

export const pairs = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ pairs: z.array(z.tuple([text, value])) }).transform((given) => given.pairs)

/** A text here is folded as a name without quotes is. */
export const textOrWord = z.union([word, text.transform((given) => given.toUpperCase())])
