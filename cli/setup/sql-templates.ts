import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** SQL or Python that is right as it stands: what was rendered before, and words of this repository. */
export interface RawFragment {
  readonly fragment: string
}

export type TemplateValues = Readonly<Record<string, string | RawFragment>>

/** How a text is written between the quotation marks of a language. */
interface QuotingRules {
  readonly "'": (text: string) => string
  readonly '"'?: (text: string) => string
}

const escapeBackslashes = (text: string) => text.replaceAll('\\', '\\\\')

/** https://docs.snowflake.com/en/sql-reference/data-types-text and https://docs.snowflake.com/en/sql-reference/identifiers-syntax */
export const sqlQuoting: QuotingRules = {
  "'": (text) => escapeBackslashes(text).replaceAll("'", "''"),
  '"': (identifier) => identifier.replaceAll('"', '""'),
}

/** Python between `$$` and `$$`, where SQL changes nothing. */
export const pythonQuoting: QuotingRules = {
  "'": (text) => {
    if (text.includes('$')) throw new TypeError(`${JSON.stringify(text)} could end the dollar quotes around it.`)
    return escapeBackslashes(text).replaceAll("'", "\\'")
  },
}

/**
 * Puts the values in the places of `'{{name}}'`, `"{{name}}"` and `{{name}}`: a text stands between the quotation marks and
 * cannot leave them; without any there is place for a fragment alone.
 */
export const fillTemplate = (template: string, values: TemplateValues, language: QuotingRules): string => {
  const placeholder = /(['"])\{\{(\w+)\}\}\1|(?<!['"])\{\{(\w+)\}\}(?!['"])/g
  const [strange] = /.*(?:\{\{|\}\}).*/.exec(template.replaceAll(placeholder, '')) ?? []
  if (strange !== undefined) throw new TypeError(`No placeholder of a known form: ${strange.trim()}`)
  return template.replaceAll(placeholder, (_, mark: "'" | '"' | undefined, quoted?: string, bare?: string) => {
    const name = quoted ?? bare ?? ''
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new TypeError(`There is no value for the placeholder {{${name}}}.`)
    if (mark === undefined) {
      if (typeof value === 'string') throw new TypeError(`{{${name}}} needs quotation marks around it.`)
      return value.fragment
    }
    if (typeof value !== 'string') throw new TypeError(`{{${name}}} is no text to stand between quotation marks.`)
    const write = language[mark]
    if (!write) throw new TypeError(`{{${name}}} stands between ${mark}, which holds no placeholder here.`)
    if (value === '' || /\p{Cc}/u.test(value)) {
      throw new TypeError(`The value of {{${name}}} is empty or has control characters: ${JSON.stringify(value)}`)
    }
    return `${mark}${write(value)}${mark}`
  })
}

const templateFolder = join(import.meta.dirname, '../../infra/snowflake')

export const readTemplate = (file: string) => readFileSync(join(templateFolder, file), 'utf8')

export const fillSqlFile = (file: string, values: TemplateValues) =>
  fillTemplate(readTemplate(file), values, sqlQuoting)
