import type { CallerTrust } from './edit-trust.ts'

/** The trust in a description; `problem` says what is missing or wrong in the pasted text. */
export type IntegrationDescription = { readonly trust: CallerTrust } | { readonly problem: string }

/**
 * Parses the output of DESC INTEGRATION in any format: the grid of Snowsight, tables of `snow` and `snowsql`, CSV, JSON, one
 * or several. Properties are matched by their suffixes, since the prefixes differ.
 * https://docs.snowflake.com/en/developer-guide/external-network-access/external-network-access-private-connectivity-aws
 * @param count the number of integrations, each with its own external id
 */
export const parseIntegrationDescription = (text: string, count: number): IntegrationDescription => {
  const rows = (rowsOfJson(text) ?? rowsOfLines(text)).map((cells) => cells.map(stripQuotes))
  const users = valuesOf(rows, /_AWS_IAM_USER_ARN$/)
  const externalIds = valuesOf(rows, /_AWS_EXTERNAL_ID$/)
  const [iamUserArn, other] = users
  if (iamUserArn === undefined) return { problem: 'The row …_AWS_IAM_USER_ARN is missing.' }
  if (other !== undefined) {
    return {
      problem: `The integrations have different IAM users, ${iamUserArn} and ${other}. The access map takes one per caller: add a second caller.`,
    }
  }
  const odd = [iamUserArn, ...externalIds].find((value) => !/^[\w+=,.@:/-]+$/.test(value))
  if (odd !== undefined) return { problem: `${JSON.stringify(odd)} is incomplete, or more than one value.` }
  if (!/^arn:aws[\w-]*:iam::\d{12}:user\/\S+$/.test(iamUserArn)) {
    return { problem: `${iamUserArn} is not an IAM user ARN. Copy the row …_AWS_IAM_USER_ARN unchanged.` }
  }
  if (externalIds.length < count) {
    const there = externalIds.length === 0 ? 'No external id' : `Only external id ${externalIds.join(', ')}`
    return { problem: `${there} found. Each of the ${count} integrations has one, in the row …_AWS_EXTERNAL_ID.` }
  }
  return { trust: { iamUserArn, externalIds } }
}

type Rows = readonly (readonly string[])[]

/** Property, type, value and default; a value may be alone beside its property. */
const valuesOf = (rows: Rows, property: RegExp): readonly string[] => {
  const found = rows.flatMap((cells) => {
    const at = cells.findIndex((cell) => property.test(cell))
    if (at < 0) return []
    const value = cells.slice(at + 1).find((cell) => cell !== '' && !/^string$/i.test(cell))
    return value === undefined ? [] : [value]
  })
  return [...new Set(found)]
}

/** Objects and lists of texts, however deep; several documents may stand one after the other. */
const rowsOfJson = (text: string): Rows | undefined => {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return textsIn(JSON.parse(`[${text.replace(/([\]}])\s*(?=[[{])/g, '$1,')}]`))
  } catch {
    return undefined
  }
}

const textsIn = (value: unknown): Rows => {
  if (typeof value !== 'object' || value === null) return []
  const parts: readonly unknown[] = Object.values(value)
  const texts = parts.filter((part) => typeof part === 'string')
  return texts.length > 0 ? [texts] : parts.flatMap(textsIn)
}

const rowsOfLines = (text: string): Rows => {
  const rows: string[][] = []
  for (const line of text.replace(/[│┃║]/g, '|').split(/\r?\n/)) {
    const cells = cellsOf(line)
    const [last] = rows.slice(-1)
    if (cells.length === 0) continue
    if (last && isContinuation(cells, last))
      for (const [at, cell] of cells.entries()) last[at] = (last[at] ?? '') + cell
    else rows.push(cells)
  }
  return rows
}

/** A narrow terminal breaks cells: what follows has the same columns, and none of the types that every row has. */
const isContinuation = (cells: readonly string[], before: readonly string[]): boolean =>
  cells.length > 2 && cells.length === before.length && cells[1] === ''

const cellsOf = (line: string): string[] => {
  if (/^[\s|+─━┼╋═╪├┤┝┥┌┐└┘┬┴╭╮╰╯-]*$/.test(line)) return []
  if (line.includes('\t')) return line.split('\t').map((cell) => cell.trim())
  if (line.includes('|')) {
    const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '')
    return inner.split('|').map((cell) => cell.trim())
  }
  const quoted = line.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[^,]+|(?<=,)(?=,|$)/g) ?? []
  if (line.includes(',')) return quoted.map((cell) => cell.trim())
  return line.trim().split(/\s*[:=]\s+|\s{2,}|\s+(?=\S*$)/)
}

/** Quotation marks of CSV, of a shell, or of a text editor. */
const stripQuotes = (cell: string): string => cell.replace(/^(["'`“])(.*)["'`”]$/s, '$2').trim()
