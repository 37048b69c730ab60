import type { KnownMessage, SystemMessages } from './known-message.ts'
import { normalizeWhitespace, type PlaceholderValues, toPattern } from './message-placeholders.ts'

/** The text before a number that marks it as an error code, and the text after it. */
const beforeCode = /(?:^|code|errno|status(?: code)?|error|exception|HTTP\/\d(?:\.\d)?)[^\w\s]{0,3} ?[^\w\s]{0,3}$/i
const afterCode = /^(?: \([0-9A-Z]{5}\))?:|^ \([0-9A-Z]{5}\)/

/**
 * The known codes with their first position: codes in the text, and separate codes, which get the position after the end.
 * Names such as ParameterNotFound are codes anywhere; a number is a code only after a word such as "error".
 */
const findCodes = (
  line: string,
  separateCodes: readonly string[],
  knownCodes: ReadonlySet<string>,
): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  const addCode = (code: string, at: number) => {
    if (knownCodes.has(code) && !found.has(code)) found.set(code, at)
  }
  for (const { 0: token, index } of line.matchAll(/(?<![\w.])[A-Za-z_][\w.]{2,60}(?!\w)/g))
    addCode(token.replace(/\.$/, ''), index)
  for (const { 0: digits, index } of line.matchAll(/(?<![\w.-])\d{3,6}(?![\w-])/g)) {
    const isCode =
      beforeCode.test(line.slice(Math.max(0, index - 24), index)) ||
      afterCode.test(line.slice(index + digits.length, index + digits.length + 9))
    if (isCode) addCode(sixDigits(digits), index)
  }
  for (const code of separateCodes) addCode(sixDigits(code), line.length)
  return found
}

/** 1003 is 001003; the status of an answer stays as it is. */
const sixDigits = (code: string): string => (/^\d{4,6}$/.test(code) ? code.padStart(6, '0') : code)

/** The text of one or several errors, and separate codes (`390144`, an HTTP status). */
export interface ObservedError {
  readonly text: string
  readonly codes?: readonly string[]
}

export interface RecognizedMessage {
  readonly system: string
  readonly message: KnownMessage
  /** The captured placeholder values, for `fillPlaceholders`. */
  readonly values: PlaceholderValues
  /** Position in the text. */
  readonly position: number
}

type MessageRow = Pick<RecognizedMessage, 'system' | 'message'>
type IsFree = (from: number, to: number) => boolean

/** The usual maximum distance between a message, its number and its wrapper. */
const wrapperDistance = 600

/**
 * Every known message in the text, in order, each once; empty for an unknown error. Phrases take precedence over codes,
 * and general messages count only where no specific message matches.
 */
export const recognize = (
  evidence: ObservedError,
  systems: readonly SystemMessages[],
): readonly RecognizedMessage[] => {
  const line = normalizeWhitespace(evidence.text)
  const all = systems.flatMap(({ system, messages }) => messages.map((message): MessageRow => ({ system, message })))
  const codes = findCodes(line, evidence.codes ?? [], new Set(all.flatMap(({ message }) => allCodes(message))))
  const rows = all.filter(
    ({ message: { requiredCodes } }) => requiredCodes === undefined || requiredCodes.some((code) => codes.has(code)),
  )

  const matchedCharacters = new Uint8Array(line.length + 1)
  const explainedCodes = new Set<string>()
  const findings = new Map<string, RecognizedMessage>()
  const addFinding = (row: MessageRow, at: number, end: number, values: PlaceholderValues) => {
    matchedCharacters.fill(1, at, end)
    const key = JSON.stringify([rows.indexOf(row), values])
    if (!findings.has(key)) findings.set(key, { ...row, values, position: at })
  }
  const matchPhrases = (row: MessageRow, isFree: IsFree) => {
    for (const phrase of row.message.phrases ?? []) {
      for (const { index, 0: matched, groups } of line.matchAll(patternFor(phrase))) {
        const end = index + matched.length
        if (!isFree(index, end)) continue
        addFinding(row, index, end, toValues(groups))
        for (const code of allCodes(row.message)) explainedCodes.add(code)
      }
    }
  }
  const matchCodes = (row: MessageRow, isFree: IsFree) => {
    for (const code of row.message.codes ?? []) {
      const at = codes.get(code)
      if (at === undefined || explainedCodes.has(code) || !isFree(at, at + 1) || rowForCode(code, rows) !== row)
        continue
      addFinding(row, at, at + 1, {})
    }
  }

  const isFree: IsFree = (from, to) => !matchedCharacters.subarray(from, to).includes(1)
  const specific = rows.filter(({ message }) => !message.general)
  for (const row of specific) matchPhrases(row, isFree)
  for (const row of specific) matchCodes(row, isFree)
  for (const row of rows.filter(({ message }) => message.general)) {
    const before = matchedCharacters.slice()
    const isAlone: IsFree = (from, to) =>
      // A separate code applies to the whole text.
      isFree(from, to) &&
      !before.subarray(from === line.length ? 0 : Math.max(0, from - wrapperDistance), to + wrapperDistance).includes(1)
    matchPhrases(row, isAlone)
    matchCodes(row, isAlone)
  }
  return [...findings.values()].sort((one, other) => one.position - other.position)
}

const patterns = new Map<string, RegExp>()

const patternFor = (phrase: string): RegExp => {
  const pattern = patterns.get(phrase) ?? toPattern(phrase)
  patterns.set(phrase, pattern)
  return pattern
}

/** The row of a code without a phrase: a row that another code selects, or the last row with the code. */
const rowForCode = (code: string, rows: readonly MessageRow[]): MessageRow | undefined => {
  const candidates = rows.filter(({ message }) => message.codes?.includes(code))
  return candidates.find(({ message }) => message.requiredCodes) ?? candidates.at(-1)
}

const allCodes = ({ codes = [], requiredCodes = [] }: KnownMessage): readonly string[] => [...codes, ...requiredCodes]

const toValues = (groups: Readonly<Record<string, string | undefined>> | undefined): PlaceholderValues =>
  Object.fromEntries(
    Object.entries(groups ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
