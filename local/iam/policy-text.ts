import type { Context } from './context.ts'
import { type Place, refusal } from './place.ts'
import type { Piece } from './wildcard.ts'

/** `${aws:username}`, with the default that may stand after a comma. */
export interface Variable {
  /** In lower case: key names ignore case. */
  readonly variable: string
  readonly fallback?: string
}

/** A text of a policy, cut into what is literal, what is a wildcard and what only a request can tell. */
export type PolicyText = readonly (Piece | Variable)[]

interface Meaning {
  /** Whether `*` and `?` stand for other text. */
  readonly wildcards: boolean
  /** Whether `${…}` is a variable: since version 2012-10-17 of the policy language only. */
  readonly variables: boolean
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
export const readPolicyText = (source: string, { wildcards, variables }: Meaning, at: Place): PolicyText => {
  const pieces: (Piece | Variable)[] = []
  let literal = ''
  const add = (piece: Piece | Variable) => {
    if (literal !== '') pieces.push(literal)
    literal = ''
    pieces.push(piece)
  }
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index)
    if (variables && source.startsWith('${', index)) {
      const end = source.indexOf('}', index)
      if (end < 0) throw refusal(at, `the variable in "${source}" lacks its closing brace`)
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

const readVariable = (inner: string, at: Place): Variable | string => {
  if (inner === '*' || inner === '?' || inner === '$') return inner
  const comma = inner.indexOf(',')
  const name = comma < 0 ? inner : inner.slice(0, comma)
  if (name === '') throw refusal(at, `\${${inner}} is an empty variable`)
  if (/\s/.test(name)) throw refusal(at, `the name of the variable \${${inner}} holds a blank`)
  if (comma < 0) return { variable: name.toLowerCase() }
  const fallback = inner.slice(comma + 1).trim()
  if (!/^'[^']*'$/.test(fallback)) throw refusal(at, `the default in \${${inner}} needs single quotes`)
  return { variable: name.toLowerCase(), fallback: fallback.slice(1, -1) }
}

export const hasVariables = (text: PolicyText): boolean => text.some(isVariable)

export const withoutVariables = (text: PolicyText): readonly Piece[] =>
  text.filter((piece): piece is Piece => !isVariable(piece))

export const upToVariables = (text: PolicyText): readonly Piece[] => {
  const first = text.findIndex(isVariable)
  return withoutVariables(first < 0 ? text : text.slice(0, first))
}

const isVariable = (piece: Piece | Variable): piece is Variable => typeof piece === 'object' && 'variable' in piece

/**
 * The text with every variable replaced, or undefined when one has neither value nor default. A value is literal text:
 * a `*` in somebody's tag is not a wildcard. Keys of several values are no variables.
 */
export const fillVariables = (text: PolicyText, context: Context): readonly Piece[] | undefined => {
  const filled: Piece[] = []
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
export const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.wildcard)).join('')
