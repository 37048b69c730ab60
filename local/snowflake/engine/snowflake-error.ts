/** A refusal by Snowflake: its text, with its code and SQL state where they are known. */
export class SnowflakeError extends Error {
  readonly code: string | undefined
  readonly sqlState: string | undefined

  constructor(message: string, { code, sqlState, cause }: { code?: string; sqlState?: string; cause?: unknown } = {}) {
    super(message, { cause })
    this.name = 'SnowflakeError'
    this.code = code
    this.sqlState = sqlState
  }
}

/** What Snowflake may well do and the local one does not: no error in anybody's SQL. */
export class LocalLimitError extends Error {
  constructor(feature: string) {
    super(`The local Snowflake does not have ${feature}. This is its own limit; Snowflake itself may well take it.`)
    this.name = 'LocalLimitError'
  }
}

export const compilationError = (text: string, details: { code?: string; sqlState?: string } = {}): SnowflakeError =>
  new SnowflakeError(`SQL compilation error:\n${text}`, details)

export const syntaxError = (sql: string, offset: number, unexpected: string): SnowflakeError => {
  const before = sql.slice(0, offset).split('\n')
  const position = before.at(-1)?.length ?? 0
  return compilationError(`syntax error line ${before.length} at position ${position} unexpected '${unexpected}'.`, {
    code: '001003',
    sqlState: '42000',
  })
}

export const doesNotExist = (domain: string, name: string): SnowflakeError =>
  compilationError(`${domain} '${name}' does not exist or not authorized.`, { code: '002003', sqlState: '02000' })
