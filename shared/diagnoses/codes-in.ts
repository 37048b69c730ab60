/** What may stand before a number that is a code, and after one. */
const before = /(?:^|code|errno|status(?: code)?|error|exception|HTTP\/\d(?:\.\d)?)[^\w\s]{0,3} ?[^\w\s]{0,3}$/i
const after = /^(?: \([0-9A-Z]{5}\))?:|^ \([0-9A-Z]{5}\)/

/**
 * The known codes, those that came beside the text and those that stand in it, with their first place. Words such as
 * ParameterNotFound are codes wherever they stand; a number is one where something says that it is.
 */
export const codesIn = (
  line: string,
  given: readonly string[],
  known: ReadonlySet<string>,
): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  const note = (code: string, at: number) => {
    if (known.has(code) && !found.has(code)) found.set(code, at)
  }
  for (const code of given) note(code.padStart(code.length > 3 && /^\d+$/.test(code) ? 6 : 0, '0'), 0)
  for (const { 0: token, index } of line.matchAll(/(?<![\w.])[A-Za-z_][\w.]{2,60}(?!\w)/g))
    note(token.replace(/\.$/, ''), index)
  for (const { 0: digits, index } of line.matchAll(/(?<![\w.-])\d{3,6}(?![\w-])/g)) {
    const isCode =
      before.test(line.slice(Math.max(0, index - 24), index)) ||
      after.test(line.slice(index + digits.length, index + digits.length + 9))
    if (isCode) note(digits.length > 3 ? digits.padStart(6, '0') : digits, index)
  }
  return found
}
