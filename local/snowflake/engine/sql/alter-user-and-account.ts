import { LocalLimitError } from '../snowflake-error.ts'
import type { IdentityChange, Name, Setting, Statement, StatementOf } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseSettings } from './settings.ts'

type Attachment = Pick<StatementOf<'attach policy'>, 'policy' | 'name'>

/** `SET AUTHENTICATION POLICY p`, or its UNSET, taken; undefined where something else stands. */
const authenticationPolicy = (cursor: Cursor): Attachment | undefined => {
  const policy = 'AUTHENTICATION POLICY'
  if (cursor.accept('UNSET', 'AUTHENTICATION', 'POLICY')) return { policy, name: undefined }
  if (!cursor.accept('SET', 'AUTHENTICATION', 'POLICY')) return undefined
  cursor.accept('=')
  const name = cursor.name()
  cursor.accept('FORCE')
  return { policy, name }
}

/** Of the parameters of an account one is here: that of its network policy, which is named as a text or as a name. */
const networkPolicy = (cursor: Cursor): Attachment => {
  const policy = 'NETWORK POLICY'
  if (cursor.accept('UNSET')) {
    if (!cursor.accept('NETWORK_POLICY')) throw new LocalLimitError(`ALTER ACCOUNT UNSET ${cursor.identifier()}`)
    return { policy, name: undefined }
  }
  cursor.expect('SET')
  const { NETWORK_POLICY: value, ...others } = parseSettings(cursor)
  const [other] = Object.keys(others)
  if (other !== undefined || value === undefined)
    throw new LocalLimitError(`ALTER ACCOUNT SET ${other ?? 'of something else'}`)
  return { policy, name: nameOf(value) ?? cursor.fail() }
}

const nameOf = (value: Setting): Name | undefined => {
  if (typeof value === 'string') return [value.toUpperCase()]
  return typeof value === 'object' && 'name' in value ? value.name : undefined
}

export const alterAccount = (cursor: Cursor): Statement => ({
  kind: 'attach policy',
  user: undefined,
  ifExists: false,
  ...(authenticationPolicy(cursor) ?? networkPolicy(cursor)),
})

const identityVerbs = ['ADD', 'MODIFY', 'REMOVE']

/** After ALTER USER. A user that is not named is the one who is logged in. */
export const alterUser = (cursor: Cursor, rest: (name: Name, ifExists: boolean) => Statement): Statement => {
  const ifExists = cursor.accept('IF', 'EXISTS')
  const user = isOfIdentity(cursor) ? undefined : cursor.name()
  if (user) {
    const attachment = authenticationPolicy(cursor)
    if (attachment) return { kind: 'attach policy', user, ifExists, ...attachment }
    if (!isOfIdentity(cursor)) return rest(user, ifExists)
  }
  const verb = cursor.oneOf(...identityVerbs)
  cursor.expect('WORKLOAD', 'IDENTITY')
  const identity = cursor.identifier()
  return { kind: 'alter workload identity', user, ifExists, identity, change: changeOf(verb, cursor) }
}

const isOfIdentity = (cursor: Cursor): boolean => identityVerbs.some((verb) => cursor.is(verb, 'WORKLOAD', 'IDENTITY'))

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
