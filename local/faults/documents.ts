import { z } from 'zod'
import type { NamedPolicy } from '../iam/index.ts'

/** A policy with every text of its document changed, or taken out of its list. */
export const rewritten = <Policy extends NamedPolicy>(
  policy: Policy,
  change: (text: string) => string | undefined,
): Policy => ({ ...policy, document: changed(policy.document, change) })

const changed = (value: unknown, change: (text: string) => string | undefined): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => changed(one, change)).filter((one) => one !== undefined)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, changed(one, change)]))
}

/** As the template writes policies. */
const document = z.looseObject({ Statement: z.array(z.looseObject({ Resource: z.unknown().optional() })) })

/** A policy without some of the resources it speaks of, and without the statements that have no other. */
export const withoutResources = <Policy extends NamedPolicy>(
  policy: Policy,
  isMeant: (resource: string) => boolean,
): Policy => {
  const { Statement, ...others } = document.parse(policy.document)
  const left = Statement.map((statement) => ({
    ...statement,
    Resource: [statement.Resource].flat().filter((one) => typeof one !== 'string' || !isMeant(one)),
  }))
  return { ...policy, document: { ...others, Statement: left.filter(({ Resource }) => Resource.length > 0) } }
}

/** A policy whose statements ask for one thing more. */
export const askingFor = <Policy extends NamedPolicy>(policy: Policy, key: string, value: string): Policy => {
  const { Statement, ...others } = document.parse(policy.document)
  const Condition = { StringEquals: { [key]: value } }
  return { ...policy, document: { ...others, Statement: Statement.map((one) => ({ ...one, Condition })) } }
}
