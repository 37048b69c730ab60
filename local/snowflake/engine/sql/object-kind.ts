import { LocalLimitError } from '../snowflake-error.ts'
import type { Cursor } from './cursor.ts'

/** The objects that are created by a name and settings alone. */
export const objectKinds = [
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
export const objectKind = (cursor: Cursor, verb: string, from = objectKinds): string => {
  const found = from.find((object) => cursor.accept(...object.split(' ')))
  if (found !== undefined) return found
  const { kind, text } = cursor.peek()
  if (kind !== 'word') return cursor.fail()
  throw new LocalLimitError(`${verb} ${text}`)
}
