import { type Place, refusal } from './place.ts'
import { clipped } from './wording.ts'

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where the grammar takes a list, one item may stand without its brackets; the list may be empty. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

export const asTexts = (value: unknown, at: Place): readonly string[] =>
  asList(value).map((item) => {
    if (typeof item !== 'string') throw refusal(at, `${written(item)} is not text`)
    return item
  })

export const written = (value: unknown): string => clipped(JSON.stringify(value) ?? String(value))
