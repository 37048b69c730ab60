/** The lines that differ, numbered, with two around them: what is written is in one place. */
export const lineDiff = (before: string, after: string): string => {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)]
  const differs = (line: string, at: number) => line !== now[at]
  const first = old.findIndex(differs)
  const from = first < 0 ? old.length : first
  let common = 0
  while (common < Math.min(old.length, now.length) - from && old.at(-1 - common) === now.at(-1 - common)) common++
  const start = Math.max(0, from - 2)
  const numbered = (mark: string, lines: readonly string[], at: number) =>
    lines.map((line, index) => `  ${String(at + index + 1).padStart(4)} ${mark} ${line}`.trimEnd())
  return [
    ...numbered(' ', now.slice(start, from), start),
    ...numbered('-', old.slice(from, old.length - common), from),
    ...numbered('+', now.slice(from, now.length - common), from),
    ...numbered(' ', now.slice(now.length - common).slice(0, 2), now.length - common),
  ].join('\n')
}
