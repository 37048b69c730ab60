/** The most similar candidate for a mistyped word, or undefined if none is similar. */
export const closestMatch = <Word extends string>(mistyped: string, candidates: readonly Word[]): Word | undefined => {
  // Longer than any key, and the distance of two long texts is expensive to compute.
  if (mistyped.length > 64) return undefined
  const [best] = candidates
    .map((word) => ({ word, edits: editDistance(mistyped.toLowerCase(), word.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits)
  return best && best.edits <= Math.max(1, Math.floor(best.word.length / 2)) ? best.word : undefined
}

/** Levenshtein distance, row by row. */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...to].entries()) {
      const substitution = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(substitution, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
