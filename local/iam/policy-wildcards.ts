/** A `*` or `?` of a policy that stands for other text; the same characters in literal text are just text. */
interface Wildcard {
  readonly wildcard: '*' | '?'
}

export type PatternPiece = string | Wildcard

/** The runs between the `*` of a pattern, in order: one run more than there are `*`. */
type Pattern = readonly Run[]

interface Run {
  readonly text: string
  /** Places in the text where any character will do. */
  readonly holes: ReadonlySet<number>
}

export const compilePattern = (pieces: readonly PatternPiece[]): Pattern => {
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
  if (!last) return text.length === first.text.length && matchesAt(first, text, 0)
  const end = text.length - last.text.length
  if (first.text.length > end || !matchesAt(first, text, 0) || !matchesAt(last, text, end)) return false
  let from = first.text.length
  for (const run of others) {
    const found = findRun(run, text, from, end)
    if (found < 0) return false
    from = found + run.text.length
  }
  return true
}

const matchesAt = ({ text: literal, holes }: Run, text: string, at: number): boolean => {
  if (holes.size === 0) return text.startsWith(literal, at)
  for (let index = 0; index < literal.length; index++) {
    if (!holes.has(index) && literal[index] !== text[at + index]) return false
  }
  return true
}

/** The first place of a run that lies wholly within the text up to `end`, or -1. */
const findRun = (run: Run, text: string, from: number, end: number): number => {
  const latest = end - run.text.length
  if (run.holes.size === 0) {
    const found = text.indexOf(run.text, from)
    return found <= latest ? found : -1
  }
  for (let at = from; at <= latest; at++) if (matchesAt(run, text, at)) return at
  return -1
}

/** partition, service, region, account and resource, after the word `arn`: the last may itself hold colons. */
const sectionCount = 6

/**
 * The test an ARN with wildcards stands for: its first five sections are compared one by one, so that no `*` reaches
 * across their colons, and the rest as one text. A lone `*` takes anything; fewer than six sections take nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const arnTest = (pieces: readonly PatternPiece[]): ((arn: string) => boolean) => {
  if (isLoneStar(pieces)) return () => true
  const patterns = splitSections(pieces).map(compilePattern)
  if (patterns.length < sectionCount) return () => false
  return (arn) => {
    const sections = textSections(arn)
    return (
      sections.length === sectionCount && patterns.every((pattern, at) => matchesPattern(pattern, sections[at] ?? ''))
    )
  }
}

/** Whether the text is `*` or has the six sections of an ARN. */
export const isArnPattern = (pieces: readonly PatternPiece[]): boolean =>
  isLoneStar(pieces) || splitSections(pieces).length === sectionCount

const isLoneStar = ([first, ...others]: readonly PatternPiece[]): boolean =>
  others.length === 0 && typeof first === 'object' && first.wildcard === '*'

const splitSections = (pieces: readonly PatternPiece[]): readonly (readonly PatternPiece[])[] => {
  const sections: PatternPiece[][] = [[]]
  for (const piece of pieces) {
    if (typeof piece === 'object') {
      sections.at(-1)?.push(piece)
      continue
    }
    const [head = '', ...tail] = textSections(piece, sectionCount - sections.length + 1)
    sections.at(-1)?.push(head)
    for (const part of tail) sections.push([part])
  }
  return sections
}

/** At most `limit` sections: what follows the last counted colon stays one text. */
const textSections = (text: string, limit = sectionCount): readonly string[] => {
  const parts = text.split(':')
  return parts.length <= limit ? parts : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(':')]
}
