import { compilationError, LocalLimitError } from '../snowflake-error.ts'
import { nullType, type SnowflakeType } from '../values/index.ts'
import type { FunctionCreation, Settings } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseSettings } from './settings.ts'

interface Preamble {
  readonly orReplace: boolean
  readonly secure: boolean
  readonly external: boolean
}

interface Clauses {
  returns: SnowflakeType
  notNull: boolean
  strict: boolean
  language: string
  settings: Settings
}

/** https://docs.snowflake.com/en/sql-reference/sql/create-external-function, and create-function for Python. */
export const createFunction = (cursor: Cursor, { orReplace, secure, external }: Preamble): FunctionCreation => {
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS')
  const name = cursor.name()
  const parameters = cursor.list(() => ({ name: cursor.identifier(), type: cursor.type() }))
  const clauses: Clauses = { returns: nullType, notNull: false, strict: false, language: '', settings: {} }
  while (!cursor.accept('AS')) clause(cursor, clauses)
  const body = cursor.take('string')
  const { returns, notNull, strict, language, settings } = clauses
  if (returns.name === 'NULL') throw compilationError('the clause RETURNS is missing.')
  if (!external && language !== 'PYTHON') throw new LocalLimitError(`functions in ${language || 'SQL'}`)
  return {
    kind: 'create function',
    language: external ? 'EXTERNAL FUNCTION' : 'PYTHON FUNCTION',
    name,
    orReplace,
    ifNotExists,
    secure,
    parameters,
    returns,
    notNull,
    strict,
    settings,
    body,
  }
}

const clause = (cursor: Cursor, clauses: Clauses): void => {
  if (cursor.accept('RETURNS', 'NULL', 'ON', 'NULL', 'INPUT') || cursor.accept('STRICT')) clauses.strict = true
  else if (cursor.accept('RETURNS')) clauses.returns = cursor.type()
  else if (cursor.accept('NOT', 'NULL')) clauses.notNull = true
  else if (cursor.accept('LANGUAGE')) clauses.language = cursor.identifier()
  else {
    const isIgnored = ['NULL', 'VOLATILE', 'IMMUTABLE'].some((word) => cursor.accept(word))
    if (isIgnored || cursor.accept('CALLED', 'ON', 'NULL', 'INPUT')) return
    const settings = parseSettings(cursor)
    if (Object.keys(settings).length === 0) cursor.fail()
    const duplicate = Object.keys(settings).find((key) => key in clauses.settings)
    if (duplicate !== undefined) throw compilationError(`duplicate option '${duplicate}'.`)
    clauses.settings = { ...clauses.settings, ...settings }
  }
}
