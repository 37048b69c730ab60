import { z } from 'zod'
import type { NamedPolicy } from '../iam/index.ts'

/** A policy with every text of its document changed, or taken out of its list. */
export const rewritePolicy = <Policy extends NamedPolicy>(
  policy: Policy,
  change: (text: string) => string | undefined,
): Policy => ({ ...policy, document: rewriteValue(policy.document, change) })

const rewriteValue = (value: unknown, change: (text: string) => string | undefined): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => rewriteValue(one, change)).filter((one) => one !== undefined)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rewriteValue(one, change)]))
}

/** As the template writes policies. */
const document = z.looseObject({ Statement: z.array(z.looseObject({ Resource: z.unknown().optional() })) })

/** A policy without some of the resources it speaks of, and without the statements that have no other. */
export const withoutResources = <Policy extends NamedPolicy>(
  policy: Policy,
  isRemoved: (resource: string) => boolean,
): Policy => {
  const { Statement, ...others } = document.parse(policy.document)
  const left = Statement.map((statement) => ({
    ...statement,
    Resource: [statement.Resource].flat().filter((one) => typeof one !== 'string' || !isRemoved(one)),
  }))
  return { ...policy, document: { ...others, Statement: left.filter(({ Resource }) => Resource.length > 0) } }
}

/** A policy whose statements ask for one thing more. */
export const withCondition = <Policy extends NamedPolicy>(policy: Policy, key: string, value: string): Policy => {
  const { Statement, ...others } = document.parse(policy.document)
  const Condition = { StringEquals: { [key]: value } }
  return { ...policy, document: { ...others, Statement: Statement.map((one) => ({ ...one, Condition })) } }
}
