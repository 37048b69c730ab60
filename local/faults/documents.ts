import type { NamedPolicy } from '../iam/index.ts'

/** A policy with every text of its document changed, or taken out of its list. */
export const rewritten = (
  { name, document }: NamedPolicy,
  change: (text: string) => string | undefined,
): NamedPolicy => ({ name, document: changed(document, change) })

const changed = (value: unknown, change: (text: string) => string | undefined): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => changed(one, change)).filter((one) => one !== undefined)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, changed(one, change)]))
}

export const allow = (action: string, resource: string): unknown => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
})
