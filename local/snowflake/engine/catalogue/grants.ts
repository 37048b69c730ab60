import type { Execution } from '../query/index.ts'
import { doesNotExist } from '../snowflake-error.ts'
import type { Name, StatementOf } from '../sql/index.ts'
import { typeText } from '../values/index.ts'
import { type Catalogue, type CatalogueFunction, findObject, functionKey } from './catalogue.ts'
import type { Listing } from './describe-objects.ts'

interface RoleStatementContext {
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

export const roleOf = (role: Name, { catalogue, execution: { session } }: RoleStatementContext): string => {
  const name = role.at(-1) ?? ''
  return systemRoles.has(name) ? name : findObject(catalogue, 'ROLE', role, session).name
}

export const grantOrRevokeRole = (
  { kind, role, user }: StatementOf<'grant role' | 'revoke role'>,
  context: RoleStatementContext,
): string => {
  const { catalogue, execution } = context
  const { name } = findObject(catalogue, 'USER', user, execution.session)
  const roles = catalogue.roleGrants.get(name) ?? new Map()
  const roleName = roleOf(role, context)
  if (kind === 'revoke role') roles.delete(roleName)
  else roles.set(roleName, { createdOn: execution.startedAt, grantedBy: execution.session.role })
  catalogue.roleGrants.set(name, roles)
  return 'Statement executed successfully.'
}

export interface UsageGrant {
  readonly grantedOn: string
  readonly name: string
  readonly createdOn: Date
  readonly grantedBy: string
}

interface StatementContext {
  readonly catalogue: Catalogue
  readonly execution: Execution
}

/** Held to be shown: nothing is refused for the lack of one, and roles are taken as being there. */
export const grantOrRevokeUsage = (
  { kind, on, object, types, role }: StatementOf<'grant usage' | 'revoke usage'>,
  { catalogue, execution }: StatementContext,
): string => {
  const { session, startedAt: createdOn } = execution
  const key = types ? functionKey(object, types, session) : `${on} ${object.join('.')}`
  const grantedFunction = types && catalogue.functions.get(key)
  if (types && !grantedFunction) throw doesNotExist('Function', object.join('.'))
  const grantee = role.at(-1) ?? ''
  const usageGrants = catalogue.usageGrants.get(grantee) ?? new Map<string, UsageGrant>()
  const name = grantedFunction ? overloadName(grantedFunction, object) : object.join('.')
  if (kind === 'revoke usage') usageGrants.delete(key)
  else usageGrants.set(key, { grantedOn: on, name, createdOn, grantedBy: session.role })
  catalogue.usageGrants.set(grantee, usageGrants)
  return 'Statement executed successfully.'
}

/** A function that is replaced or dropped takes the grants on it with it. */
export const deleteGrantsOn = ({ usageGrants }: Catalogue, key: string): void => {
  for (const grants of usageGrants.values()) grants.delete(key)
}

/** How an overload is written there was seen, and is not documented. */
const overloadName = ({ name, creation }: CatalogueFunction, full: Name): string => {
  const parameters = creation.parameters.map((one) => `${one.name} ${one.type.name}`).join(', ')
  return [...full.slice(0, -1), `"${name}(${parameters}):${typeText(creation.returns)}"`].join('.')
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-grants */
export const showGrantsToRole = ({ usageGrants }: Catalogue, role: string): Listing => ({
  columns: [
    'created_on',
    'privilege',
    'granted_on',
    'name',
    'granted_to',
    'grantee_name',
    'grant_option',
    'granted_by',
  ],
  rows: [...(usageGrants.get(role) ?? new Map<string, UsageGrant>()).values()].map(
    ({ grantedOn, name, createdOn, grantedBy }) => [
      createdOn.toISOString(),
      'USAGE',
      grantedOn,
      name,
      'ROLE',
      role,
      'false',
      grantedBy,
    ],
  ),
})
