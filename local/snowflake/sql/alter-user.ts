import type { IdentityChange, Name, Statement } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { authenticationPolicy } from './policies.ts'
import { parseSettings } from './settings.ts'

const changes = ['ADD', 'MODIFY', 'REMOVE']

/** After ALTER USER. A user that is not named is the one who is logged in. */
export const alterUser = (cursor: Cursor, rest: (name: Name, ifExists: boolean) => Statement): Statement => {
  const ifExists = cursor.accept('IF', 'EXISTS')
  const user = isOfIdentity(cursor) ? undefined : cursor.name()
  if (user) {
    const attachment = authenticationPolicy(cursor)
    if (attachment) return { kind: 'attach policy', user, ifExists, ...attachment }
    if (!isOfIdentity(cursor)) return rest(user, ifExists)
  }
  const verb = cursor.oneOf(...changes)
  cursor.expect('WORKLOAD', 'IDENTITY')
  const identity = cursor.identifier()
  return { kind: 'alter workload identity', user, ifExists, identity, change: changeOf(verb, cursor) }
}

const isOfIdentity = (cursor: Cursor): boolean => changes.some((verb) => cursor.is(verb, 'WORKLOAD', 'IDENTITY'))

const changeOf = (verb: string, cursor: Cursor): IdentityChange => {
  if (verb === 'REMOVE') return { action: 'remove' }
  if (verb === 'ADD') return { action: 'add', settings: parseSettings(cursor) }
  if (cursor.accept('RENAME', 'TO')) return { action: 'rename', to: cursor.identifier() }
  if (cursor.accept('SET')) return { action: 'set', settings: parseSettings(cursor) }
  cursor.expect('UNSET')
  const names = [cursor.identifier()]
  while (cursor.accept(',') || cursor.peek().kind === 'word') names.push(cursor.identifier())
  return { action: 'unset', names }
}
