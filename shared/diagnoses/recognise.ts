import { codesIn } from './codes-in.ts'
import type { ErrorText, SystemTexts } from './error-text.ts'
import { onOneLine, patternOf, type Values } from './placeholders.ts'

/** What is left of one failure, or of several: words, and codes that came beside them (`390144`, the status of an answer). */
export interface Evidence {
  readonly text: string
  readonly codes?: readonly string[]
}

export interface Finding {
  readonly system: string
  readonly text: ErrorText
  /** What the words told, for `fill`. */
  readonly values: Values
  /** Where in the evidence. */
  readonly at: number
}

type Row = Pick<Finding, 'system' | 'text'>
type IsFree = (from: number, to: number) => boolean

/** A message, its number and what wraps them are seldom further apart. */
const near = 600

/**
 * Everything in the evidence that somebody here knows, in its order, each once; nothing, when nobody does. Words go before
 * codes, and what is general counts only where nothing else was found.
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
      // A code from beside the text is about all of it.
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

/** What a code means when nothing else is said: the row that another code singles out, or the last that has it. */
const meantBy = (code: string, rows: readonly Row[]): Row | undefined => {
  const having = rows.filter(({ text }) => text.codes?.includes(code))
  return having.find(({ text }) => text.beside) ?? having.at(-1)
}

const codesOf = ({ codes = [], beside = [] }: ErrorText): readonly string[] => [...codes, ...beside]

const valuesOf = (groups: Readonly<Record<string, string | undefined>> | undefined): Values =>
  Object.fromEntries(
    Object.entries(groups ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
