import { LocalLimitError } from '../snowflake-error.ts'
import { alterAccount, alterUser } from './alter-user-and-account.ts'
import type { Name, Statement } from './ast.ts'
import { createFunction } from './create-function.ts'
import type { Cursor } from './cursor.ts'
import { describe, show } from './describe-and-show.ts'
import { parseExpression } from './expression.ts'
import { objectKind } from './object-kind.ts'
import { parseQuery } from './query.ts'
import { parseSettings } from './settings.ts'

type ParseStatement = (cursor: Cursor) => Statement

const create: ParseStatement = (cursor) => {
  const orReplace = cursor.accept('OR', 'REPLACE')
  const secure = cursor.accept('SECURE')
  if (cursor.accept('EXTERNAL', 'FUNCTION')) return createFunction(cursor, { orReplace, secure, external: true })
  if (cursor.accept('FUNCTION')) return createFunction(cursor, { orReplace, secure, external: false })
  const object = objectKind(cursor, 'CREATE')
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS')
  const name = cursor.name()
  return { kind: 'create', object, name, orReplace, ifNotExists, settings: parseSettings(cursor) }
}

const alter: ParseStatement = (cursor) => {
  if (cursor.accept('ACCOUNT')) return alterAccount(cursor)
  if (cursor.accept('USER')) return alterUser(cursor, (name, ifExists) => alterObject(cursor, 'USER', name, ifExists))
  const object = objectKind(cursor, 'ALTER')
  const ifExists = cursor.accept('IF', 'EXISTS')
  return alterObject(cursor, object, cursor.name(), ifExists)
}

const alterObject = (cursor: Cursor, object: string, name: Name, ifExists: boolean): Statement => {
  if (cursor.accept('SET')) {
    return { kind: 'alter', object, name, ifExists, settings: parseSettings(cursor), unset: [] }
  }
  if (!cursor.accept('UNSET')) throw new LocalLimitError(`ALTER ${object} other than with SET and UNSET`)
  const unset = [cursor.identifier()]
  while (cursor.accept(',')) unset.push(cursor.identifier())
  return { kind: 'alter', object, name, ifExists, settings: {}, unset }
}

const drop: ParseStatement = (cursor) => {
  const isFunction = cursor.accept('FUNCTION')
  const object = isFunction ? '' : objectKind(cursor, 'DROP')
  const ifExists = cursor.accept('IF', 'EXISTS')
  const name = cursor.name()
  if (isFunction) return { kind: 'drop function', name, ifExists, types: cursor.list(cursor.type) }
  return { kind: 'drop', object, name, ifExists }
}

const use: ParseStatement = (cursor) => {
  if (cursor.accept('SECONDARY')) throw new LocalLimitError('USE SECONDARY ROLES')
  const object = ['ROLE', 'WAREHOUSE', 'DATABASE', 'SCHEMA'].find((one) => cursor.accept(one))
  const name = cursor.name()
  return { kind: 'use', object: object ?? (name.length > 1 ? 'SCHEMA' : 'DATABASE'), name }
}

/** Who has which role matters at a login, and USAGE is shown. Of other privileges the statement is read and has no effect. */
const privileges =
  (verb: 'grant' | 'revoke', preposition: 'TO' | 'FROM'): ParseStatement =>
  (cursor) => {
    if (cursor.accept('ROLE')) {
      const role = cursor.name()
      cursor.expect(preposition)
      if (cursor.accept('USER')) return { kind: `${verb} role`, role, user: cursor.name() }
    }
    const on = cursor.accept('USAGE', 'ON') ? usageObjects.find((one) => cursor.accept(one)) : undefined
    if (on !== undefined) {
      const object = cursor.name()
      const types = on === 'FUNCTION' ? cursor.list(cursor.type) : undefined
      if (cursor.accept(preposition, 'ROLE')) return { kind: `${verb} usage`, on, object, types, role: cursor.name() }
    }
    while (!cursor.is(';') && cursor.peek().kind !== 'end') cursor.next()
    return { kind: 'grant' }
  }

const usageObjects = ['DATABASE', 'SCHEMA', 'FUNCTION', 'WAREHOUSE', 'INTEGRATION']

const set: ParseStatement = (cursor) => {
  const name = cursor.identifier()
  cursor.expect('=')
  return { kind: 'set', name, expression: parseExpression(cursor) }
}

const verbs: ReadonlyMap<string, ParseStatement> = new Map([
  ['CREATE', create],
  ['ALTER', alter],
  ['DROP', drop],
  ['DESC', describe],
  ['DESCRIBE', describe],
  ['SHOW', show],
  ['USE', use],
  ['GRANT', privileges('grant', 'TO')],
  ['REVOKE', privileges('revoke', 'FROM')],
  ['SET', set],
])

/** The statement at the cursor, up to its semicolon; undefined at the end of the text. */
export const parseStatement = (
  cursor: Cursor,
): { readonly statement: Statement; readonly text: string } | undefined => {
  while (cursor.accept(';'));
  const start = cursor.peek()
  if (start.kind === 'end') return undefined
  const verb = start.kind === 'word' ? verbs.get(start.text) : undefined
  if (verb) cursor.next()
  const statement: Statement = verb ? verb(cursor) : { kind: 'query', query: queryOrFail(cursor) }
  const text = cursor.textSince(start)
  if (cursor.peek().kind !== 'end' && !cursor.accept(';')) cursor.fail()
  return { statement, text }
}

const queryOrFail = (cursor: Cursor) => (cursor.is('SELECT') ? parseQuery(cursor) : cursor.fail())
