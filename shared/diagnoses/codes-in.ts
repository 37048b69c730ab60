/** The text before a number that marks it as an error code, and the text after it. */
const before = /(?:^|code|errno|status(?: code)?|error|exception|HTTP\/\d(?:\.\d)?)[^\w\s]{0,3} ?[^\w\s]{0,3}$/i
const after = /^(?: \([0-9A-Z]{5}\))?:|^ \([0-9A-Z]{5}\)/

/**
 * The known codes with their first position: codes in the text, and separate codes, which get the position after the end.
 * Names such as ParameterNotFound are codes anywhere; a number is a code only after a word such as "error".
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
  for (const { 0: token, index } of line.matchAll(/(?<![\w.])[A-Za-z_][\w.]{2,60}(?!\w)/g))
    note(token.replace(/\.$/, ''), index)
  for (const { 0: digits, index } of line.matchAll(/(?<![\w.-])\d{3,6}(?![\w-])/g)) {
    const isCode =
      before.test(line.slice(Math.max(0, index - 24), index)) ||
      after.test(line.slice(index + digits.length, index + digits.length + 9))
    if (isCode) note(sixDigits(digits), index)
  }
  for (const code of given) note(sixDigits(code), line.length)
  return found
}

/** 1003 is 001003; the status of an answer stays as it is. */
const sixDigits = (code: string): string => (/^\d{4,6}$/.test(code) ? code.padStart(6, '0') : code)
