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

const isMoreExact = (one: readonly Finding[], other: readonly Finding[]): boolean => exactness(one) > exactness(other)

/** What is not general counts before the values that were told with it. */
const exactness = (findings: readonly Finding[]): number =>
  findings.reduce((sum, { text, values }) => sum + (text.general ? 1 : 1_000) + Object.keys(values).length, 0)

export const causeInWords = (id: CauseId, values: Values = {}): ExplainedCause => {
  const { what, tell, mend } = causes[id]
  return { id, what, tell: fill(tell, values), mend: fill(mend, values) }
}
