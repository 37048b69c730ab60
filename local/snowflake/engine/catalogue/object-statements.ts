import type { Execution, SessionState } from '../query/index.ts'
import { compilationError, doesNotExist } from '../snowflake-error.ts'
import type { FunctionCreation, StatementOf } from '../sql/index.ts'
import { argumentsText, type Catalogue, domainOf, findObject, fullName, functionKey, titleCase } from './catalogue.ts'
import { deleteGrantsOn } from './grants.ts'
import { type ObjectDefinition, readDefinition } from './object-definitions.ts'
import { checkPolicyDetached, detachPoliciesOf, setPolicy } from './policies.ts'
import { checkProxyUrl } from './proxy-url.ts'
import { checkIdentityUnused, setDefaultIdentity } from './user-workload-identities.ts'

interface CreateStatementContext {
  readonly catalogue: Catalogue
  readonly execution: Execution
  readonly newExternalId: (integration: string) => string
}

/** What an AWS role can trust: only these have an external id. */
const kindsWithExternalId: ReadonlySet<string> = new Set(['API INTEGRATION', 'SECURITY INTEGRATION'])

/** Each of these answers with the line that Snowflake shows as the statement's status. */
export const createObject = (
  { object, name, orReplace, ifNotExists, settings }: StatementOf<'create'>,
  { catalogue, execution, newExternalId }: CreateStatementContext,
): string => {
  const { session, startedAt } = execution
  const domain = domainOf(object)
  const last = name.at(-1) ?? ''
  const key = domain + fullName(domain, name, session)
  const definition = readDefinition(object, settings)
  if (catalogue.objects.has(key) && !orReplace) {
    if (ifNotExists) return `${last} already exists, statement succeeded.`
    throw alreadyExists(last)
  }
  checkDefinition(catalogue, last, definition, session)
  if (domain === 'USER') deleteUserState(catalogue, last)
  catalogue.objects.set(key, {
    name: last,
    definition,
    settings,
    externalId: kindsWithExternalId.has(object) ? newExternalId(last) : '',
    createdOn: startedAt,
  })
  applyUserProperties(last, definition, { catalogue, execution })
  // https://docs.snowflake.com/en/sql-reference/sql/create-database: what is created is in use from then on.
  if (domain === 'DATABASE') Object.assign(session, { database: last, schema: 'PUBLIC' })
  if (domain === 'SCHEMA') Object.assign(session, { database: name.at(-2) ?? session.database, schema: last })
  return `${titleCase(domain)} ${last} successfully created.`
}

const checkDefinition = (
  catalogue: Catalogue,
  name: string,
  definition: ObjectDefinition,
  session: SessionState,
): void => {
  if (definition.kind !== 'USER') return
  const { WORKLOAD_IDENTITY: identity, NETWORK_POLICY: policy } = definition
  if (identity) checkIdentityUnused(catalogue, identity, name)
  if (policy !== undefined) findObject(catalogue, 'NETWORK POLICY', [policy], session)
}

/** What a user has beside its properties follows from them. */
const applyUserProperties = (
  name: string,
  definition: ObjectDefinition,
  { catalogue, execution }: Omit<CreateStatementContext, 'newExternalId'>,
): void => {
  if (definition.kind !== 'USER') return
  const { WORKLOAD_IDENTITY: identity, NETWORK_POLICY: policy } = definition
  setDefaultIdentity(name, identity, { catalogue, execution })
  setPolicy(catalogue, 'NETWORK POLICY', name, policy === undefined ? undefined : [policy], execution.session)
}

/** What a user had goes with it. */
const deleteUserState = (catalogue: Catalogue, name: string): void => {
  catalogue.roleGrants.delete(name)
  catalogue.identities.delete(name)
  detachPoliciesOf(catalogue, name)
}

const alreadyExists = (name: string) => compilationError(`Object '${name}' already exists.`)

export const createFunction = (
  creation: FunctionCreation,
  { catalogue, execution }: CreateStatementContext,
): string => {
  const { name, language, parameters, orReplace, ifNotExists, settings, body } = creation
  const { session, startedAt } = execution
  const last = name.at(-1) ?? ''
  const key = functionKey(
    name,
    parameters.map(({ type }) => type),
    session,
  )
  const definition = readDefinition(language, settings)
  if (catalogue.functions.has(key) && !orReplace) {
    if (ifNotExists) return `${last} already exists, statement succeeded.`
    throw alreadyExists(last)
  }
  if (definition.kind !== 'EXTERNAL FUNCTION' && definition.kind !== 'PYTHON FUNCTION')
    throw new TypeError(definition.kind)
  if (definition.kind === 'EXTERNAL FUNCTION') {
    checkProxyUrl(body, findObject(catalogue, 'INTEGRATION', definition.API_INTEGRATION, session))
  } else {
    for (const one of definition.EXTERNAL_ACCESS_INTEGRATIONS) findObject(catalogue, 'INTEGRATION', one, session)
    for (const [, secret] of definition.SECRETS) findObject(catalogue, 'SECRET', secret, session)
  }
  deleteGrantsOn(catalogue, key)
  catalogue.functions.set(key, {
    name: last,
    creation,
    definition,
    arguments: argumentsText(creation),
    createdOn: startedAt,
  })
  return `Function ${last} successfully created.`
}

/** https://docs.snowflake.com/en/sql-reference/sql/alter-api-integration: the external id stays. */
export const alterObject = (
  { object, name, ifExists, settings, unset }: StatementOf<'alter'>,
  { catalogue, execution }: CreateStatementContext,
): string => {
  const { session } = execution
  const domain = domainOf(object)
  const key = domain + fullName(domain, name, session)
  if (ifExists && !catalogue.objects.has(key)) return 'Statement executed successfully.'
  const found = findObject(catalogue, domain, name, session)
  const remaining = Object.entries(found.settings).filter(([setting]) => !unset.includes(setting))
  const altered = { ...Object.fromEntries(remaining), ...settings }
  const definition = readDefinition(found.definition.kind, altered)
  checkDefinition(catalogue, found.name, definition, session)
  catalogue.objects.set(key, { ...found, settings: altered, definition })
  applyUserProperties(found.name, definition, { catalogue, execution })
  return 'Statement executed successfully.'
}

export const dropObject = (
  { object, name, ifExists }: StatementOf<'drop'>,
  { catalogue, execution: { session } }: CreateStatementContext,
): string => {
  const domain = domainOf(object)
  const key = domain + fullName(domain, name, session)
  checkPolicyDetached(catalogue, key, name.at(-1) ?? '')
  const removed = catalogue.objects.delete(key)
  if (domain === 'USER') deleteUserState(catalogue, name.at(-1) ?? '')
  return dropStatus(removed, ifExists, titleCase(domain), name.join('.'))
}

export const dropFunction = (
  { name, ifExists, types }: StatementOf<'drop function'>,
  { catalogue, execution: { session } }: CreateStatementContext,
): string => {
  const key = functionKey(name, types, session)
  deleteGrantsOn(catalogue, key)
  return dropStatus(catalogue.functions.delete(key), ifExists, 'Function', name.join('.'))
}

const dropStatus = (removed: boolean, ifExists: boolean, domain: string, name: string): string => {
  if (removed) return `${name} successfully dropped.`
  if (ifExists) return 'Drop statement executed successfully (object already dropped).'
  throw doesNotExist(domain, name)
}

/** Roles, databases and warehouses exist without being created: only their names matter here. */
export const use = (
  { object, name }: StatementOf<'use'>,
  { execution: { session } }: CreateStatementContext,
): string => {
  const last = name.at(-1) ?? ''
  if (object === 'ROLE') session.role = last
  if (object === 'WAREHOUSE') session.warehouse = last
  if (object === 'DATABASE') Object.assign(session, { database: last, schema: 'PUBLIC' })
  if (object === 'SCHEMA') Object.assign(session, { database: name.at(-2) ?? session.database, schema: last })
  return 'Statement executed successfully.'
}
