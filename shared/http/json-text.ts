/** Node has it since 22, TypeScript's library not yet. https://tc39.es/proposal-json-parse-with-source/ */
interface RawJson {
  readonly rawJSON: (text: string) => object
  readonly isRawJSON: (value: unknown) => boolean
}
const { rawJSON, isRawJSON } = JSON as typeof JSON & RawJson

/**
 * Finds a number that might be written otherwise than it came: of 16 digits and more, with zeros at its end, below 1e-6,
 * with an exponent, or minus zero. Text inside strings may match as well, which costs time and changes nothing. A text
 * that is nothing but a number is no input of any function and is not looked for.
 */
const perhapsInexact = /[[,:]\s*-?\d(?:[\d.]{15}|\d*(?:\.\d*0|\.0{6}\d*|(?:\.\d+)?[eE][-+]?\d+)\s*[,\]}])|-0\s*[,\]}]/

/**
 * Whether reading the text needs `parseExactly`. Snowflake's numbers have 38 digits, a double has 15.
 * https://docs.snowflake.com/en/sql-reference/external-functions-best-practices
 */
export const holdsInexactNumbers = (text: string): boolean => perhapsInexact.test(text)

/**
 * `JSON.parse` that gives each number which a double would change as `JSON.rawJSON`: `JSON.stringify` writes it as it came.
 * Some eight times slower than plain `JSON.parse`, which is why the text is looked at first.
 */
export const parseExactly = (text: string): unknown => JSON.parse(text, keepSource)

/** A JSON text with all the digits of its numbers. */
export const parseJson = (text: string): unknown => (holdsInexactNumbers(text) ? parseExactly(text) : JSON.parse(text))

const keepSource = (_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value

/** A JSON object, and not a list or a number kept as `JSON.rawJSON`. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value)
