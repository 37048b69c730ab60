import { LocalLimit } from '../errors.ts'
import type { Name, Setting, Statement, StatementOf } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseSettings } from './settings.ts'

type Attachment = Pick<StatementOf<'attach policy'>, 'policy' | 'name'>

/** `SET AUTHENTICATION POLICY p`, or its UNSET, taken; undefined where something else stands. */
export const authenticationPolicy = (cursor: Cursor): Attachment | undefined => {
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
    if (!cursor.accept('NETWORK_POLICY')) throw new LocalLimit(`ALTER ACCOUNT UNSET ${cursor.identifier()}`)
    return { policy, name: undefined }
  }
  cursor.expect('SET')
  const { NETWORK_POLICY: value, ...others } = parseSettings(cursor)
  const [other] = Object.keys(others)
  if (other !== undefined || value === undefined)
    throw new LocalLimit(`ALTER ACCOUNT SET ${other ?? 'of something else'}`)
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
