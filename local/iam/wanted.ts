import type { Context } from './context.ts'
import { fillVariables, hasVariables, type PolicyText, textOf, withoutVariables } from './policy-text.ts'
import type { Piece } from './wildcard.ts'
import { quoted } from './wording.ts'

export type Test = (value: string) => boolean

/** One value of a policy that something in the request is held against. */
export interface Wanted {
  /** As the policy writes it. */
  readonly source: string
  /** What it means for one request; undefined when a variable in it has no value: then it equals nothing. */
  readonly inRequest: (context: Context) => { readonly text: string; readonly test: Test } | undefined
}

export const wantedValue = (source: string, test: Test): Wanted => {
  const always = { text: source, test }
  return { source, inRequest: () => always }
}

/** The test is made once for a text without variables, anew for each request for one with. */
export const wantedText = (source: string, text: PolicyText, makeTest: (pieces: readonly Piece[]) => Test): Wanted => {
  if (!hasVariables(text)) return wantedValue(source, makeTest(withoutVariables(text)))
  return {
    source,
    inRequest: (context) => {
      const pieces = fillVariables(text, context)
      return pieces && { text: textOf(pieces), test: makeTest(pieces) }
    },
  }
}

/** `"home/${aws:username}" (here "home/alice")` */
export const describeWanted = ({ source, inRequest }: Wanted, context: Context): string => {
  const meant = inRequest(context)
  if (!meant) return `${quoted(source)} (which has no value here)`
  return meant.text === source ? quoted(source) : `${quoted(source)} (here ${quoted(meant.text)})`
}
