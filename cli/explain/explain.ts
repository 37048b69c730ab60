import {
  allMessages,
  type CauseId,
  causes,
  fillPlaceholders,
  type PlaceholderValues,
  type RecognizedMessage,
  recognize,
} from '../../shared/diagnoses/index.ts'
import { normalizePaste } from './normalize-paste.ts'
import { valuesFor } from './placeholder-values.ts'
import { remedyOf, serviceErrors } from './service-errors.ts'

export interface ErrorExplanation {
  readonly system: string
  readonly summary: string
  /** For an error of the service: the fix of its table. */
  readonly remedy?: string
  readonly causes: readonly CauseExplanation[]
  readonly source: string
}

export interface CauseExplanation {
  readonly id: CauseId
  readonly summary: string
  readonly howToTell: string
  readonly fix: string
}

const allErrorTexts = [serviceErrors, ...allMessages]

/** Explains every known error in a text, in order. The text itself is not printed: it may contain secrets. */
export const explain = (paste: string): readonly ErrorExplanation[] => {
  const [broken, whole] = normalizePaste(paste)
  const asBroken = recognize({ text: broken }, allErrorTexts)
  const asWhole = recognize({ text: whole }, allErrorTexts)
  const [text, findings] = isMoreSpecific(asWhole, asBroken) ? [whole, asWhole] : [broken, asBroken]
  return findings.map(({ system, message: row, values: matched }) => {
    const values = valuesFor(matched, text)
    const remedy = remedyOf(row)
    return {
      system,
      summary: fillPlaceholders(row.summary, values),
      ...(remedy !== undefined && { remedy }),
      causes: row.causes.map((id) => describeCause(id, values)),
      source: row.source,
    }
  })
}

/** The order of the rows: specific ones precede general ones. */
const rowOrder = new Map(
  allErrorTexts.flatMap(({ messages: texts }) => texts).map((text, location) => [text, location]),
)

const isMoreSpecific = (one: readonly RecognizedMessage[], other: readonly RecognizedMessage[]): boolean => {
  const differences = [
    (found: readonly RecognizedMessage[]) => -found.filter(({ message: text }) => !text.general).length,
    (found: readonly RecognizedMessage[]) =>
      found.reduce((sum, { message: text }) => sum + (rowOrder.get(text) ?? 0), 0),
    (found: readonly RecognizedMessage[]) => -found.reduce((sum, { values }) => sum + Object.keys(values).length, 0),
  ].map((measure) => measure(one) - measure(other))
  return (differences.find((difference) => difference !== 0) ?? 0) < 0
}

export const describeCause = (id: CauseId, values: PlaceholderValues = {}): CauseExplanation => {
  const { summary, howToTell, fix } = causes[id]
  return { id, summary, howToTell: fillPlaceholders(howToTell, values), fix: fillPlaceholders(fix, values) }
}
