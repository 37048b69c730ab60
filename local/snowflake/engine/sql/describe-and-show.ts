import { LocalLimitError } from '../snowflake-error.ts'
import type { Name, PolicyKind, Statement } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { objectKind, objectKinds } from './object-kind.ts'

type ParseStatement = (cursor: Cursor) => Statement

const integrations = objectKinds.filter((object) => object.endsWith('INTEGRATION'))

const policies: readonly PolicyKind[] = ['NETWORK POLICY', 'AUTHENTICATION POLICY']

export const describe: ParseStatement = (cursor) => {
  if (cursor.accept('USER')) return { kind: 'describe user', name: cursor.name() }
  const policy = policies.find((kind) => cursor.accept(...kind.split(' ')))
  if (policy) return { kind: 'describe policy', policy, name: cursor.name() }
  if (cursor.accept('NETWORK', 'RULE')) return { kind: 'describe network rule', name: cursor.name() }
  if (cursor.accept('FUNCTION')) {
    return { kind: 'describe function', name: cursor.name(), types: cursor.list(cursor.type) }
  }
  objectKind(cursor, 'DESCRIBE', integrations)
  return { kind: 'describe integration', name: cursor.name() }
}

export const show: ParseStatement = (cursor) => {
  if (cursor.accept('USER', 'WORKLOAD', 'IDENTITY', 'AUTHENTICATION', 'METHODS')) {
    return { kind: 'show workload identities', user: cursor.accept('FOR', 'USER') ? cursor.name() : undefined }
  }
  if (cursor.accept('GRANTS')) {
    if (cursor.accept('TO', 'USER')) return { kind: 'show grants to user', user: cursor.name() }
    if (cursor.accept('TO', 'ROLE')) return { kind: 'show grants to role', role: cursor.name() }
    if (cursor.is(';') || cursor.peek().kind === 'end') return { kind: 'show grants to user', user: undefined }
    throw new LocalLimitError('SHOW GRANTS other than TO USER and TO ROLE')
  }
  const policy = policies.find((kind) => cursor.accept(...kind.replace(/Y$/, 'IES').split(' ')))
  if (policy) return { kind: 'show policies', policy, on: policyTarget(cursor) }
  if (cursor.accept('PARAMETERS')) return parameter(cursor)
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

const policyTarget = (cursor: Cursor): 'ACCOUNT' | Name | undefined => {
  if (!cursor.accept('ON')) return undefined
  if (cursor.accept('ACCOUNT')) return 'ACCOUNT'
  cursor.expect('USER')
  return cursor.name()
}

const parameter: ParseStatement = (cursor) => {
  const like = cursor.accept('LIKE') ? cursor.take('string') : ''
  if (like.toUpperCase() !== 'NETWORK_POLICY')
    throw new LocalLimitError(`SHOW PARAMETERS other than LIKE 'NETWORK_POLICY'`)
  cursor.oneOf('IN', 'FOR')
  if (cursor.accept('ACCOUNT')) return { kind: 'show parameter', user: undefined }
  cursor.expect('USER')
  return { kind: 'show parameter', user: cursor.name() }
}
