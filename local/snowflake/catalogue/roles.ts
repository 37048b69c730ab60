import type { Execution } from '../query/index.ts'
import type { Name, StatementOf } from '../sql/index.ts'
import { type Catalogue, findObject } from './catalogue.ts'

interface Needs {
  readonly catalogue: Catalogue
  readonly execution: Execution
}

/** There from the start. https://docs.snowflake.com/en/user-guide/security-access-control-overview#system-defined-roles */
const systemRoles: ReadonlySet<string> = new Set([
  'GLOBALORGADMIN',
  'ORGADMIN',
  'ACCOUNTADMIN',
  'SECURITYADMIN',
  'USERADMIN',
  'SYSADMIN',
  'PUBLIC',
])

export const roleOf = (role: Name, { catalogue, execution: { session } }: Needs): string => {
  const name = role.at(-1) ?? ''
  return systemRoles.has(name) ? name : findObject(catalogue, 'ROLE', role, session).name
}

export const grantOrRevokeRole = (
  { kind, role, user }: StatementOf<'grant role' | 'revoke role'>,
  needs: Needs,
): string => {
  const { catalogue, execution } = needs
  const { name } = findObject(catalogue, 'USER', user, execution.session)
  const roles = catalogue.grants.get(name) ?? new Map()
  const wanted = roleOf(role, needs)
  if (kind === 'revoke role') roles.delete(wanted)
  else roles.set(wanted, { createdOn: execution.startedAt, grantedBy: execution.session.role })
  catalogue.grants.set(name, roles)
  return 'Statement executed successfully.'
}
