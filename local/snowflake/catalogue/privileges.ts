import { doesNotExist } from '../errors.ts'
import type { Execution } from '../query/index.ts'
import type { Name, StatementOf } from '../sql/index.ts'
import { typeText } from '../values/index.ts'
import { type Catalogue, functionKey, type HeldFunction } from './catalogue.ts'
import type { Listing } from './describe.ts'

export interface HeldPrivilege {
  readonly grantedOn: string
  readonly name: string
  readonly createdOn: Date
  readonly grantedBy: string
}

interface Needs {
  readonly catalogue: Catalogue
  readonly execution: Execution
}

/** Held to be shown: nothing is refused for the lack of one, and roles are taken as being there. */
export const grantOrRevokeUsage = (
  { kind, on, object, types, role }: StatementOf<'grant usage' | 'revoke usage'>,
  { catalogue, execution }: Needs,
): string => {
  const { session, startedAt: createdOn } = execution
  const key = types ? functionKey(object, types, session) : `${on} ${object.join('.')}`
  const held = types && catalogue.functions.get(key)
  if (types && !held) throw doesNotExist('Function', object.join('.'))
  const grantee = role.at(-1) ?? ''
  const privileges = catalogue.privileges.get(grantee) ?? new Map<string, HeldPrivilege>()
  const name = held ? shownName(held, object) : object.join('.')
  if (kind === 'revoke usage') privileges.delete(key)
  else privileges.set(key, { grantedOn: on, name, createdOn, grantedBy: session.role })
  catalogue.privileges.set(grantee, privileges)
  return 'Statement executed successfully.'
}

/** A function that is replaced or dropped takes the grants on it with it. */
export const forgetGrantsOn = ({ privileges }: Catalogue, key: string): void => {
  for (const held of privileges.values()) held.delete(key)
}

/** How an overload is written there was seen, and is not documented. */
const shownName = ({ name, creation }: HeldFunction, full: Name): string => {
  const parameters = creation.parameters.map((one) => `${one.name} ${one.type.name}`).join(', ')
  return [...full.slice(0, -1), `"${name}(${parameters}):${typeText(creation.returns)}"`].join('.')
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-grants */
export const showGrantsToRole = ({ privileges }: Catalogue, role: string): Listing => ({
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
  rows: [...(privileges.get(role) ?? new Map<string, HeldPrivilege>()).values()].map(
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
