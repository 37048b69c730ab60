import type { NamedPolicy, PolicyType } from './access-request.ts'
import { asList, formatValue, isObject, policyErrorAt } from './policy-messages.ts'
import { readStatement, type Statement } from './statement.ts'

export interface Policy {
  readonly statements: readonly Statement[]
}

const languageVersions = ['2008-10-17', '2012-10-17']

/** Documents already read, by what they were read as: a document is taken never to change. */
const parsedPolicies: Readonly<Record<PolicyType, WeakMap<object, Policy>>> = {
  'identity-based': new WeakMap(),
  'resource-based': new WeakMap(),
  'role trust': new WeakMap(),
  'permissions boundary': new WeakMap(),
  session: new WeakMap(),
}

/** The policy with every element understood; throws the PolicyError that names the first that is not. */
export const readPolicy = ({ name, document }: NamedPolicy, kind: PolicyType): Policy => {
  if (!isObject(document)) throw policyErrorAt({ policy: name }, `${formatValue(document)} is not a policy document`)
  const cached = parsedPolicies[kind].get(document)
  if (cached) return cached
  const policy = { statements: readStatements(document, name, kind) }
  parsedPolicies[kind].set(document, policy)
  return policy
}

const readStatements = (
  document: Readonly<Record<string, unknown>>,
  policy: string,
  kind: PolicyType,
): readonly Statement[] => {
  for (const name of Object.keys(document)) {
    if (!['Version', 'Id', 'Statement'].includes(name)) {
      throw policyErrorAt({ policy, element: name }, 'there is no such element in a policy')
    }
  }
  const { Version: version, Id: id, Statement: statement } = document
  if (version !== undefined && !languageVersions.some((known) => known === version)) {
    throw policyErrorAt(
      { policy, element: 'Version' },
      `${formatValue(version)} is neither "2012-10-17" nor "2008-10-17"`,
    )
  }
  if (id !== undefined && (typeof id !== 'string' || kind !== 'resource-based')) {
    throw policyErrorAt({ policy, element: 'Id' }, `${formatValue(id)} is not text in a resource-based policy`)
  }
  if (statement === undefined) throw policyErrorAt({ policy, element: 'Statement' }, 'there is none')
  const variables = version === '2012-10-17'
  const statements = asList(statement).map((value, index) => readStatement(value, { kind, variables, policy, index }))
  const sids = asList(statement).map((value) => (isObject(value) ? value['Sid'] : undefined))
  const twice = sids.find((sid, index) => typeof sid === 'string' && sid !== '' && sids.indexOf(sid) !== index)
  if (twice !== undefined) throw policyErrorAt({ policy, element: 'Sid' }, `${formatValue(twice)} stands twice`)
  return statements
}

/**
 * Throws a PolicyError naming policy, statement and element when the document is malformed, when AWS would not take it
 * as a policy of this kind, or when it holds something the evaluator does not imitate.
 */
export const validatePolicy = (policy: NamedPolicy, kind: PolicyType): void => {
  readPolicy(policy, kind)
}
