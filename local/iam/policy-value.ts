import { type PolicyPosition, policyErrorAt, quote } from './policy-messages.ts'
import type { PatternPiece } from './policy-wildcards.ts'
import type { ConditionContext } from './request-context.ts'

/** `${aws:username}`, with the default that may stand after a comma. */
interface Variable {
  /** In lower case: key names ignore case. */
  readonly variable: string
  readonly fallback?: string
}

/** A text of a policy, cut into what is literal, what is a wildcard and what only a request can tell. */
type PolicyText = readonly (PatternPiece | Variable)[]

interface PolicyTextSyntax {
  /** Whether `*` and `?` stand for other text. */
  readonly wildcards: boolean
  /** Whether `${…}` is a variable: since version 2012-10-17 of the policy language only. */
  readonly variables: boolean
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
export const readPolicyText = (
  source: string,
  { wildcards, variables }: PolicyTextSyntax,
  at: PolicyPosition,
): PolicyText => {
  const pieces: (PatternPiece | Variable)[] = []
  let literal = ''
  const add = (piece: PatternPiece | Variable) => {
    if (literal !== '') pieces.push(literal)
    literal = ''
    pieces.push(piece)
  }
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index)
    if (variables && source.startsWith('${', index)) {
      const end = source.indexOf('}', index)
      if (end < 0) throw policyErrorAt(at, `the variable in "${source}" lacks its closing brace`)
      const read = readVariable(source.slice(index + 2, end), at)
      if (typeof read === 'string') literal += read
      else add(read)
      index = end
    } else if (wildcards && (character === '*' || character === '?')) {
      add({ wildcard: character })
    } else {
      literal += character
    }
  }
  if (literal !== '' || pieces.length === 0) pieces.push(literal)
  return pieces
}

const readVariable = (inner: string, at: PolicyPosition): Variable | string => {
  if (inner === '*' || inner === '?' || inner === '$') return inner
  const comma = inner.indexOf(',')
  const name = comma < 0 ? inner : inner.slice(0, comma)
  if (name === '') throw policyErrorAt(at, `\${${inner}} is an empty variable`)
  if (/\s/.test(name)) throw policyErrorAt(at, `the name of the variable \${${inner}} holds a blank`)
  if (comma < 0) return { variable: name.toLowerCase() }
  const fallback = inner.slice(comma + 1).trim()
  if (!/^'[^']*'$/.test(fallback)) throw policyErrorAt(at, `the default in \${${inner}} needs single quotes`)
  return { variable: name.toLowerCase(), fallback: fallback.slice(1, -1) }
}

export const hasVariables = (text: PolicyText): boolean => text.some(isVariable)

export const withoutVariables = (text: PolicyText): readonly PatternPiece[] =>
  text.filter((piece): piece is PatternPiece => !isVariable(piece))

export const upToVariables = (text: PolicyText): readonly PatternPiece[] => {
  const first = text.findIndex(isVariable)
  return withoutVariables(first < 0 ? text : text.slice(0, first))
}

const isVariable = (piece: PatternPiece | Variable): piece is Variable =>
  typeof piece === 'object' && 'variable' in piece

/**
 * The text with every variable replaced, or undefined when one has neither value nor default. A value is literal text:
 * a `*` in a tag's value is not a wildcard. Keys of several values are no variables.
 */
const fillVariables = (text: PolicyText, context: ConditionContext): readonly PatternPiece[] | undefined => {
  const filled: PatternPiece[] = []
  for (const piece of text) {
    if (!isVariable(piece)) {
      filled.push(piece)
      continue
    }
    const values = context.get(piece.variable) ?? []
    const value = values.length === 1 ? values[0] : piece.fallback
    if (value === undefined) return undefined
    filled.push(value)
  }
  return filled
}

/** The pieces as they would be written, wildcards included. */
export const textOf = (pieces: readonly PatternPiece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.wildcard)).join('')

type ValueTest = (value: string) => boolean

/** One value of a policy that something in the request is held against. */
export interface PolicyValue {
  /** As the policy writes it. */
  readonly source: string
  /** What it means for one request; undefined when a variable in it has no value: then it equals nothing. */
  readonly inRequest: (context: ConditionContext) => { readonly text: string; readonly test: ValueTest } | undefined
}

export const policyValue = (source: string, test: ValueTest): PolicyValue => {
  const always = { text: source, test }
  return { source, inRequest: () => always }
}

/** The test is made once for a text without variables, anew for each request for one with. */
export const policyTextValue = (
  source: string,
  text: PolicyText,
  makeTest: (pieces: readonly PatternPiece[]) => ValueTest,
): PolicyValue => {
  if (!hasVariables(text)) return policyValue(source, makeTest(withoutVariables(text)))
  return {
    source,
    inRequest: (context) => {
      const pieces = fillVariables(text, context)
      return pieces && { text: textOf(pieces), test: makeTest(pieces) }
    },
  }
}

/** `"home/${aws:username}" (here "home/alice")` */
export const describePolicyValue = ({ source, inRequest }: PolicyValue, context: ConditionContext): string => {
  const resolved = inRequest(context)
  if (!resolved) return `${quote(source)} (which has no value here)`
  return resolved.text === source ? quote(source) : `${quote(source)} (here ${quote(resolved.text)})`
}
