import { asTexts, isObject, written } from './json-value.ts'
import { type Place, refusal } from './place.ts'
import type { PolicyType } from './types.ts'

/** One name in Principal or NotPrincipal. */
export type PrincipalName =
  | { readonly kind: 'everyone'; readonly source: string }
  | { readonly kind: 'account'; readonly source: string; readonly accountId: string; readonly rootArn?: string }
  | { readonly kind: 'user' | 'role' | 'session' | 'service'; readonly source: string }
  /** Federated and canonical users: nobody in the local stack is one. */
  | { readonly kind: 'nobody here'; readonly source: string }

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export const readPrincipals = (value: unknown, kind: PolicyType, at: Place): readonly PrincipalName[] => {
  if (value === '*') {
    if (kind === 'role trust') throw refusal(at, 'IAM takes {"AWS": "*"} in a role trust policy, not a bare "*"')
    return [{ kind: 'everyone', source: '*' }]
  }
  if (!isObject(value)) throw refusal(at, `${written(value)} is neither "*" nor an object`)
  return Object.entries(value).flatMap(([type, names]) => {
    const read = readersByType.get(type)
    const place = { ...at, element: `${at.element}.${type}` }
    if (!read)
      throw refusal(place, 'there is no such type of principal; there are AWS, Service, Federated, CanonicalUser')
    return asTexts(names, place).map((name) => read(name, place))
  })
}

type Reader = (source: string, at: Place) => PrincipalName

const arnForms: readonly [pattern: RegExp, kind: 'user' | 'role' | 'session' | 'nobody here'][] = [
  [/^arn:[\w-]+:iam::\d{12}:user\/[^\s]+$/, 'user'],
  [/^arn:[\w-]+:iam::\d{12}:role\/[^\s]+$/, 'role'],
  [/^arn:[\w-]+:sts::\d{12}:assumed-role\/[^\s/]+\/[^\s/]+$/, 'session'],
  [/^arn:[\w-]+:sts::\d{12}:federated-user\/[^\s]+$/, 'nobody here'],
]

const readAws: Reader = (source, at) => {
  if (source === '*') return { kind: 'everyone', source }
  if (/[*?]/.test(source)) {
    throw refusal(at, `"${source}" holds a wildcard; name "*" and narrow it with a condition on aws:PrincipalArn`)
  }
  if (/^\d{12}$/.test(source)) return { kind: 'account', source, accountId: source }
  const [, accountId] = /^arn:[\w-]+:iam::(\d{12}):root$/.exec(source) ?? []
  if (accountId !== undefined) return { kind: 'account', source, accountId, rootArn: source }
  const form = arnForms.find(([pattern]) => pattern.test(source))
  if (form) return { kind: form[1], source }
  if (/:group\//.test(source)) throw refusal(at, `"${source}" is a group, and groups are not principals`)
  if (/^A(ROA|IDA)[A-Z0-9]+$/.test(source)) {
    throw refusal(at, `"${source}" is the id of a role or user that was deleted; name the ARN of its successor`)
  }
  throw refusal(at, `"${source}" is not the ARN of an account, user, role or session, nor an account id, nor "*"`)
}

const readService: Reader = (source, at) => {
  if (/^[\w-]+(\.[\w-]+)+$/.test(source)) return { kind: 'service', source }
  throw refusal(at, `"${source}" is not the name of a service such as lambda.amazonaws.com`)
}

const readNobody: Reader = (source) => ({ kind: 'nobody here', source })

const readersByType: ReadonlyMap<string, Reader> = new Map([
  ['AWS', readAws],
  ['Service', readService],
  ['Federated', readNobody],
  ['CanonicalUser', readNobody],
])
