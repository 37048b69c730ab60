import { syntaxError } from '../snowflake-error.ts'

/** A word is folded to upper case, as Snowflake does; `text` of a string or quoted name is what it stands for. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'string' | 'variable' | 'symbol' | 'end'
  readonly text: string
  readonly start: number
  readonly end: number
}

const skipped = /(?:\s+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y

const rules: readonly {
  readonly kind: Token['kind']
  readonly form: RegExp
  readonly read: (matched: string) => string
}[] = [
  { kind: 'word', form: /[\p{L}_][\p{L}\p{N}_$]*/uy, read: (matched) => matched.toUpperCase() },
  { kind: 'quoted', form: /"(?:[^"]|"")+"/y, read: (matched) => matched.slice(1, -1).replaceAll('""', '"') },
  { kind: 'string', form: /'(?:[^'\\]|\\[\s\S]|'')*'/y, read: (matched) => unescaped(matched.slice(1, -1)) },
  // https://docs.snowflake.com/en/sql-reference/data-types-text#dollar-quoted-string-constants
  { kind: 'string', form: /\$\$[\s\S]*?\$\$/y, read: (matched) => matched.slice(2, -2) },
  { kind: 'number', form: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y, read: (matched) => matched },
  { kind: 'variable', form: /\$\w+/y, read: (matched) => matched.slice(1).toUpperCase() },
  { kind: 'symbol', form: /::|\|\||<>|!=|<=|>=|=>|[-+*/%(),;.:=<>[\]{}?]/y, read: (matched) => matched },
]

/** The tokens of a text of statements, ending in one of kind `end`. */
export const tokenize = (sql: string): readonly Token[] => {
  const tokens: Token[] = []
  let offset = matchAt(skipped, sql, 0).length
  while (offset < sql.length) {
    const rule = rules.find(({ form }) => matchAt(form, sql, offset) !== '')
    if (!rule) throw syntaxError(sql, offset, String.fromCodePoint(sql.codePointAt(offset) ?? 0))
    const matched = matchAt(rule.form, sql, offset)
    const end = offset + matched.length
    tokens.push({ kind: rule.kind, text: rule.read(matched), start: offset, end })
    offset = end + matchAt(skipped, sql, end).length
  }
  return [...tokens, { kind: 'end', text: '<EOF>', start: sql.length, end: sql.length }]
}

const matchAt = (form: RegExp, sql: string, offset: number): string => {
  form.lastIndex = offset
  return form.exec(sql)?.[0] ?? ''
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '0': '\0' }

/** https://docs.snowflake.com/en/sql-reference/data-types-text#escape-sequences-in-single-quoted-string-constants */
const unescaped = (inside: string): string =>
  inside.replace(/''|\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([\s\S]))/g, (_, hex, unicode, character) => {
    if (character === undefined && hex === undefined && unicode === undefined) return "'"
    if (character === undefined) return String.fromCharCode(Number.parseInt(hex ?? unicode, 16))
    return escapes[character] ?? character
  })
