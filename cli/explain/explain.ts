import {
  allTexts,
  type CauseId,
  causes,
  type Finding,
  fill,
  recognise,
  type Values,
} from '../../shared/diagnoses/index.ts'
import { asWritten } from './as-written.ts'
import { remedyOf, serviceErrors } from './service-errors.ts'
import { valuesFor } from './values.ts'

export interface Explained {
  readonly system: string
  readonly means: string
  /** Of an error of the service: what its table says to do. */
  readonly remedy?: string
  readonly causes: readonly ExplainedCause[]
  readonly source: string
}

export interface ExplainedCause {
  readonly id: CauseId
  readonly what: string
  readonly tell: string
  readonly mend: string
}

const everything = [serviceErrors, ...allTexts]

/** Each error in a text that is known, in its order; what is pasted is not repeated, for it may hold secrets. */
export const explain = (paste: string): readonly Explained[] => {
  const [broken, whole] = asWritten(paste)
  const asBroken = recognise({ text: broken }, everything)
  const asWhole = recognise({ text: whole }, everything)
  const [text, findings] = isMoreExact(asWhole, asBroken) ? [whole, asWhole] : [broken, asBroken]
  return findings.map(({ system, text: row, values: told }) => {
    const values = valuesFor(told, text)
    const remedy = remedyOf(row)
    return {
      system,
      means: fill(row.means, values),
      ...(remedy !== undefined && { remedy }),
      causes: row.causes.map((id) => causeInWords(id, values)),
      source: row.source,
    }
  })
}

/** Where each row stands: the more exact stand before the less. */
const places = new Map(everything.flatMap(({ texts }) => texts).map((text, place) => [text, place]))

const isMoreExact = (one: readonly Finding[], other: readonly Finding[]): boolean => {
  const differences = [
    (found: readonly Finding[]) => -found.filter(({ text }) => !text.general).length,
    (found: readonly Finding[]) => found.reduce((sum, { text }) => sum + (places.get(text) ?? 0), 0),
    (found: readonly Finding[]) => -found.reduce((sum, { values }) => sum + Object.keys(values).length, 0),
  ].map((measure) => measure(one) - measure(other))
  return (differences.find((difference) => difference !== 0) ?? 0) < 0
}

export const causeInWords = (id: CauseId, values: Values = {}): ExplainedCause => {
  const { what, tell, mend } = causes[id]
  return { id, what, tell: fill(tell, values), mend: fill(mend, values) }
}
