/** Node has it since 22, TypeScript's library not yet. https://tc39.es/proposal-json-parse-with-source/ */
interface RawJson {
  readonly rawJSON: (text: string) => object
  readonly isRawJSON: (value: unknown) => boolean
}
const { rawJSON, isRawJSON } = JSON as typeof JSON & RawJson

/**
 * Finds a number that JSON.stringify may write differently: with 16 or more digits, trailing zeros, below 1e-6,
 * with an exponent, or minus zero. Text inside strings may match too, which only costs time. A text
 * that is only a number is not an input of any function and is ignored.
 */
const possiblyInexactNumber =
  /[[,:]\s*-?\d(?:[\d.]{15}|\d*(?:\.\d*0|\.0{6}\d*|(?:\.\d+)?[eE][-+]?\d+)\s*[,\]}])|-0\s*[,\]}]/

/**
 * Whether the text needs `parseExactly`. Snowflake's numbers have 38 digits, a double has 15.
 * https://docs.snowflake.com/en/sql-reference/external-functions-best-practices
 */
export const hasInexactNumbers = (text: string): boolean => possiblyInexactNumber.test(text)

/**
 * `JSON.parse` that returns numbers a double would change as `JSON.rawJSON`: `JSON.stringify` writes them unchanged.
 * About eight times slower than `JSON.parse`, so callers check `hasInexactNumbers` first.
 */
export const parseExactly = (text: string): unknown => JSON.parse(text, keepNumberSource)

/** Parses JSON and keeps all digits of its numbers. */
export const parseJson = (text: string): unknown => (hasInexactNumbers(text) ? parseExactly(text) : JSON.parse(text))

const keepNumberSource = (_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value

/** A JSON object; not a list, and not a number kept as `JSON.rawJSON`. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value)
