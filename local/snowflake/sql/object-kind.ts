import { LocalLimit } from '../errors.ts'
import type { Cursor } from './cursor.ts'

/** The objects that are created by a name and settings alone. */
export const objects = [
  'API INTEGRATION',
  'SECURITY INTEGRATION',
  'EXTERNAL ACCESS INTEGRATION',
  'INTEGRATION',
  'NETWORK RULE',
  'NETWORK POLICY',
  'AUTHENTICATION POLICY',
  'SECRET',
  'ROLE',
  'DATABASE',
  'SCHEMA',
  'WAREHOUSE',
  'USER',
]

/** The kind of object that is named here, taken. */
export const objectKind = (cursor: Cursor, verb: string, from = objects): string => {
  const found = from.find((object) => cursor.accept(...object.split(' ')))
  if (found !== undefined) return found
  const { kind, text } = cursor.peek()
  if (kind !== 'word') return cursor.fail()
  throw new LocalLimit(`${verb} ${text}`)
}
