import { PolicyError } from './access-request.ts'

/** How many values of a long list a sentence names, and how many characters of a long value. */
const limits = { values: 5, characters: 300 }

const truncate = (text: string): string =>
  text.length > limits.characters ? `${text.slice(0, limits.characters)}…` : text

/** In JSON's quotes, so that a line break in a value cannot start a line of its own in a log. */
export const quote = (value: string): string => JSON.stringify(truncate(value))

/** `[a, b]` */
export const formatList = (items: readonly string[]): string => `[${limitValues(items).join(', ')}]`

/** `a or b` */
export const joinWithOr = (items: readonly string[]): string => limitValues(items).join(' or ')

/** `a, b and c` */
export const joinWithAnd = (items: readonly string[]): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : items.join('')

const limitValues = (items: readonly string[]): readonly string[] =>
  items.length > limits.values
    ? [...items.slice(0, limits.values - 1), `… (${items.length - limits.values + 1} more)`]
    : items

/** Where in a policy something stands. */
export interface PolicyPosition {
  readonly policy: string
  /** `statement "Sid"` or `statement 2`, counted from 1. */
  readonly statement?: string
  /** `Resource`, `Condition.StringEquals.aws:SourceIp`, … */
  readonly element?: string
}

export const policyErrorAt = ({ policy, statement, element }: PolicyPosition, reason: string): PolicyError =>
  new PolicyError(`${[policy, statement, element].filter((part) => part !== undefined).join(', ')}: ${reason}`)

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where the grammar takes a list, one item may stand without its brackets; the list may be empty. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

export const asStrings = (value: unknown, at: PolicyPosition): readonly string[] =>
  asList(value).map((item) => {
    if (typeof item !== 'string') throw policyErrorAt(at, `${formatValue(item)} is not text`)
    return item
  })

export const formatValue = (value: unknown): string => truncate(JSON.stringify(value) ?? String(value))
