import { compilePattern, matchesPattern, type Piece } from './wildcard.ts'

/** partition, service, region, account and resource, after the word `arn`: the last may itself hold colons. */
const sectionCount = 6

/**
 * The test an ARN with wildcards stands for: its first five sections are compared one by one, so that no `*` reaches
 * across their colons, and the rest as one text. A lone `*` takes anything; fewer than six sections take nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const arnTest = (pieces: readonly Piece[]): ((arn: string) => boolean) => {
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
export const isArnPattern = (pieces: readonly Piece[]): boolean =>
  isLoneStar(pieces) || splitSections(pieces).length === sectionCount

const isLoneStar = ([first, ...others]: readonly Piece[]): boolean =>
  others.length === 0 && typeof first === 'object' && first.wildcard === '*'

const splitSections = (pieces: readonly Piece[]): readonly (readonly Piece[])[] => {
  const sections: Piece[][] = [[]]
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
