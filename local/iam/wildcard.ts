/** A `*` or `?` of a policy that stands for other text; the same characters in literal text are just text. */
export interface Wildcard {
  readonly wildcard: '*' | '?'
}

export type Piece = string | Wildcard

/** The runs between the `*` of a pattern, in order: one run more than there are `*`. */
export type Pattern = readonly Run[]

interface Run {
  readonly text: string
  /** Places in the text where any character will do. */
  readonly holes: ReadonlySet<number>
}

export const compilePattern = (pieces: readonly Piece[]): Pattern => {
  let run = { text: '', holes: new Set<number>() }
  const runs = [run]
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      run.text += piece
    } else if (piece.wildcard === '?') {
      run.holes.add(run.text.length)
      run.text += '?'
    } else {
      run = { text: '', holes: new Set() }
      runs.push(run)
    }
  }
  return runs
}

/**
 * Whether the whole text is of the pattern. Every run is looked for once, from left to right and never again, so the
 * work is bounded by length of pattern × length of text whatever the pattern: nothing here backtracks over a `*`.
 */
export const matchesPattern = (pattern: Pattern, text: string): boolean => {
  const [first, ...others] = pattern
  const last = others.pop()
  if (!first) return text === ''
  if (!last) return text.length === first.text.length && standsAt(first, text, 0)
  const end = text.length - last.text.length
  if (first.text.length > end || !standsAt(first, text, 0) || !standsAt(last, text, end)) return false
  let from = first.text.length
  for (const run of others) {
    const found = find(run, text, from, end)
    if (found < 0) return false
    from = found + run.text.length
  }
  return true
}

const standsAt = ({ text: wanted, holes }: Run, text: string, at: number): boolean => {
  if (holes.size === 0) return text.startsWith(wanted, at)
  for (let index = 0; index < wanted.length; index++) {
    if (!holes.has(index) && wanted[index] !== text[at + index]) return false
  }
  return true
}

/** The first place of a run that lies wholly within the text up to `end`, or -1. */
const find = (run: Run, text: string, from: number, end: number): number => {
  const latest = end - run.text.length
  if (run.holes.size === 0) {
    const found = text.indexOf(run.text, from)
    return found <= latest ? found : -1
  }
  for (let at = from; at <= latest; at++) if (standsAt(run, text, at)) return at
  return -1
}
