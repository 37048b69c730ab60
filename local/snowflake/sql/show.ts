import { LocalLimit } from '../errors.ts'
import type { Statement } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { objectKind, objects } from './object-kind.ts'

type Verb = (cursor: Cursor) => Statement

const integrations = objects.filter((object) => object.endsWith('INTEGRATION'))

export const describe: Verb = (cursor) => {
  if (cursor.accept('USER')) return { kind: 'describe user', name: cursor.name() }
  objectKind(cursor, 'DESCRIBE', integrations)
  return { kind: 'describe integration', name: cursor.name() }
}

export const show: Verb = (cursor) => {
  if (cursor.accept('USER', 'WORKLOAD', 'IDENTITY', 'AUTHENTICATION', 'METHODS')) {
    return { kind: 'show workload identities', user: cursor.accept('FOR', 'USER') ? cursor.name() : undefined }
  }
  if (cursor.accept('GRANTS')) {
    if (cursor.accept('TO', 'USER')) return { kind: 'show grants to user', user: cursor.name() }
    if (cursor.is(';') || cursor.peek().kind === 'end') return { kind: 'show grants to user', user: undefined }
    throw new LocalLimit('SHOW GRANTS other than TO USER')
  }
  const plurals = [
    'API INTEGRATIONS',
    'SECURITY INTEGRATIONS',
    'INTEGRATIONS',
    'USER FUNCTIONS',
    'EXTERNAL FUNCTIONS',
    'FUNCTIONS',
  ]
  return objectKind(cursor, 'SHOW', plurals).endsWith('INTEGRATIONS')
    ? { kind: 'show integrations' }
    : { kind: 'show functions' }
}
