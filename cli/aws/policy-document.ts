import * as z from 'zod'
import { readDocument } from './aws-client.ts'

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** What IAM takes as one text or as a list of texts; in a condition, a number or truth value stands for its text. */
const texts = z.union([text, z.array(text)]).transform((value) => [value].flat())

const statement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), texts)]).optional(),
  Action: texts.default([]),
  Resource: texts.default([]),
  Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
})

const document = z.object({ Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()) })

export type Statement = z.infer<typeof statement>
export type PolicyDocument = z.infer<typeof document>

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: the parts that checks compare. */
export const readPolicy = (text: string, what: string): PolicyDocument => readDocument(document, text, what)

/** Whether a pattern of a policy covers a text: `*` and `?` stand for any characters. */
export const matchesPattern = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text)

export const matchesAction = ({ Action }: Statement, action: string): boolean =>
  Action.some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()))

export const matchesResource = ({ Resource }: Statement, arn: string): boolean =>
  Resource.some((pattern) => matchesPattern(pattern, arn))

/** The ARNs that a statement names as principals of AWS, or `*`. */
export const awsPrincipals = ({ Principal }: Statement): readonly string[] =>
  Principal === '*' ? ['*'] : (Principal?.['AWS'] ?? [])

/** The values of a condition under any of the operators that demand them; key names ignore case. */
export const conditionValues = (
  { Condition }: Statement,
  operators: readonly string[],
  key: string,
): readonly string[] | undefined => {
  const found = Object.entries(Condition)
    .filter(([operator]) => operators.includes(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .filter(([name]) => name.toLowerCase() === key.toLowerCase())
  return found.length === 0 ? undefined : found.flatMap(([, values]) => values)
}

/** The same for any order of members, and of what is a set. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sortKeys(value))

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value))
    return value.map(sortKeys).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)]),
  )
}
