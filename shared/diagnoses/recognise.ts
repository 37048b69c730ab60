import { codesIn } from './codes-in.ts'
import type { ErrorText, SystemTexts } from './error-text.ts'
import { onOneLine, patternOf, type Values } from './placeholders.ts'

/** The text of one or several errors, and separate codes (`390144`, an HTTP status). */
export interface Evidence {
  readonly text: string
  readonly codes?: readonly string[]
}

export interface Finding {
  readonly system: string
  readonly text: ErrorText
  /** The captured placeholder values, for `fillPlaceholders`. */
  readonly values: Values
  /** Position in the text. */
  readonly at: number
}

type Row = Pick<Finding, 'system' | 'text'>
type IsFree = (from: number, to: number) => boolean

/** The usual maximum distance between a message, its number and its wrapper. */
const near = 600

/**
 * Every known message in the text, in order, each once; empty for an unknown error. Phrases take precedence over codes,
 * and general messages count only where no specific message matches.
 */
export const recognise = (evidence: Evidence, among: readonly SystemTexts[]): readonly Finding[] => {
  const line = onOneLine(evidence.text)
  const all = among.flatMap(({ system, texts }) => texts.map((text): Row => ({ system, text })))
  const codes = codesIn(line, evidence.codes ?? [], new Set(all.flatMap(({ text }) => codesOf(text))))
  const rows = all.filter(({ text: { beside } }) => beside === undefined || beside.some((code) => codes.has(code)))

  const taken = new Uint8Array(line.length + 1)
  const explained = new Set<string>()
  const findings = new Map<string, Finding>()
  const note = (row: Row, at: number, end: number, values: Values) => {
    taken.fill(1, at, end)
    const key = JSON.stringify([rows.indexOf(row), values])
    if (!findings.has(key)) findings.set(key, { ...row, values, at })
  }
  const byWords = (row: Row, isFree: IsFree) => {
    for (const says of row.text.says ?? []) {
      for (const { index, 0: words, groups } of line.matchAll(compiled(says))) {
        const end = index + words.length
        if (!isFree(index, end)) continue
        note(row, index, end, valuesOf(groups))
        for (const code of codesOf(row.text)) explained.add(code)
      }
    }
  }
  const byCodes = (row: Row, isFree: IsFree) => {
    for (const code of row.text.codes ?? []) {
      const at = codes.get(code)
      if (at === undefined || explained.has(code) || !isFree(at, at + 1) || meantBy(code, rows) !== row) continue
      note(row, at, at + 1, {})
    }
  }

  const isFree: IsFree = (from, to) => !taken.subarray(from, to).includes(1)
  const specific = rows.filter(({ text }) => !text.general)
  for (const row of specific) byWords(row, isFree)
  for (const row of specific) byCodes(row, isFree)
  for (const row of rows.filter(({ text }) => text.general)) {
    const before = taken.slice()
    const isAlone: IsFree = (from, to) =>
      // A separate code applies to the whole text.
      isFree(from, to) && !before.subarray(from === line.length ? 0 : Math.max(0, from - near), to + near).includes(1)
    byWords(row, isAlone)
    byCodes(row, isAlone)
  }
  return [...findings.values()].sort((one, other) => one.at - other.at)
}

const patterns = new Map<string, RegExp>()

const compiled = (says: string): RegExp => {
  const pattern = patterns.get(says) ?? patternOf(says)
  patterns.set(says, pattern)
  return pattern
}

/** The row of a code without a phrase: a row that another code selects, or the last row with the code. */
const meantBy = (code: string, rows: readonly Row[]): Row | undefined => {
  const having = rows.filter(({ text }) => text.codes?.includes(code))
  return having.find(({ text }) => text.beside) ?? having.at(-1)
}

const codesOf = ({ codes = [], beside = [] }: ErrorText): readonly string[] => [...codes, ...beside]

const valuesOf = (groups: Readonly<Record<string, string | undefined>> | undefined): Values =>
  Object.fromEntries(
    Object.entries(groups ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
