import { compilationError, doesNotExist } from '../errors.ts'
import type { Execution, Session } from '../query/index.ts'
import type { FunctionCreation, StatementOf } from '../sql/index.ts'
import { argumentsText, type Catalogue, domainOf, findObject, fullName, functionKey, inTitleCase } from './catalogue.ts'
import { type Definition, readDefinition } from './definition.ts'
import { checkIdentityIsFree, setDefaultIdentity } from './held-identities.ts'
import { checkIsFree, forgetPoliciesOf, setPolicy } from './policies.ts'
import { forgetGrantsOn } from './privileges.ts'
import { checkUrl } from './proxy-url.ts'

interface Needs {
  readonly catalogue: Catalogue
  readonly execution: Execution
  readonly newExternalId: (integration: string) => string
}

/** What an AWS role can trust: only these have an external id. */
const trusted: ReadonlySet<string> = new Set(['API INTEGRATION', 'SECURITY INTEGRATION'])

/** Each of these answers with the line that Snowflake shows as the statement's status. */
export const createObject = (
  { object, name, orReplace, ifNotExists, settings }: StatementOf<'create'>,
  { catalogue, execution, newExternalId }: Needs,
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
  if (domain === 'USER') forgetUser(catalogue, last)
  catalogue.objects.set(key, {
    name: last,
    definition,
    settings,
    externalId: trusted.has(object) ? newExternalId(last) : '',
    createdOn: startedAt,
  })
  settle(last, definition, { catalogue, execution })
  // https://docs.snowflake.com/en/sql-reference/sql/create-database: what is created is in use from then on.
  if (domain === 'DATABASE') Object.assign(session, { database: last, schema: 'PUBLIC' })
  if (domain === 'SCHEMA') Object.assign(session, { database: name.at(-2) ?? session.database, schema: last })
  return `${inTitleCase(domain)} ${last} successfully created.`
}

const checkDefinition = (catalogue: Catalogue, name: string, definition: Definition, session: Session): void => {
  if (definition.kind !== 'USER') return
  const { WORKLOAD_IDENTITY: identity, NETWORK_POLICY: policy } = definition
  if (identity) checkIdentityIsFree(catalogue, identity, name)
  if (policy !== undefined) findObject(catalogue, 'NETWORK POLICY', [policy], session)
}

/** What a user has beside its properties follows from them. */
const settle = (name: string, definition: Definition, { catalogue, execution }: Omit<Needs, 'newExternalId'>): void => {
  if (definition.kind !== 'USER') return
  const { WORKLOAD_IDENTITY: identity, NETWORK_POLICY: policy } = definition
  setDefaultIdentity(name, identity, { catalogue, execution })
  setPolicy(catalogue, 'NETWORK POLICY', name, policy === undefined ? undefined : [policy], execution.session)
}

/** What a user had goes with it. */
const forgetUser = (catalogue: Catalogue, name: string): void => {
  catalogue.grants.delete(name)
  catalogue.identities.delete(name)
  forgetPoliciesOf(catalogue, name)
}

const alreadyExists = (name: string) => compilationError(`Object '${name}' already exists.`)

export const createFunction = (creation: FunctionCreation, { catalogue, execution }: Needs): string => {
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
    checkUrl(body, findObject(catalogue, 'INTEGRATION', definition.API_INTEGRATION, session))
  } else {
    for (const one of definition.EXTERNAL_ACCESS_INTEGRATIONS) findObject(catalogue, 'INTEGRATION', one, session)
    for (const [, secret] of definition.SECRETS) findObject(catalogue, 'SECRET', secret, session)
  }
  forgetGrantsOn(catalogue, key)
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
  { catalogue, execution }: Needs,
): string => {
  const { session } = execution
  const domain = domainOf(object)
  const key = domain + fullName(domain, name, session)
  if (ifExists && !catalogue.objects.has(key)) return 'Statement executed successfully.'
  const found = findObject(catalogue, domain, name, session)
  const kept = Object.entries(found.settings).filter(([setting]) => !unset.includes(setting))
  const altered = { ...Object.fromEntries(kept), ...settings }
  const definition = readDefinition(found.definition.kind, altered)
  checkDefinition(catalogue, found.name, definition, session)
  catalogue.objects.set(key, { ...found, settings: altered, definition })
  settle(found.name, definition, { catalogue, execution })
  return 'Statement executed successfully.'
}

export const dropObject = (
  { object, name, ifExists }: StatementOf<'drop'>,
  { catalogue, execution: { session } }: Needs,
): string => {
  const domain = domainOf(object)
  const key = domain + fullName(domain, name, session)
  checkIsFree(catalogue, key, name.at(-1) ?? '')
  const removed = catalogue.objects.delete(key)
  if (domain === 'USER') forgetUser(catalogue, name.at(-1) ?? '')
  return dropped(removed, ifExists, inTitleCase(domain), name.join('.'))
}

export const dropFunction = (
  { name, ifExists, types }: StatementOf<'drop function'>,
  { catalogue, execution: { session } }: Needs,
): string => {
  const key = functionKey(name, types, session)
  forgetGrantsOn(catalogue, key)
  return dropped(catalogue.functions.delete(key), ifExists, 'Function', name.join('.'))
}

const dropped = (removed: boolean, ifExists: boolean, domain: string, name: string): string => {
  if (removed) return `${name} successfully dropped.`
  if (ifExists) return 'Drop statement executed successfully (object already dropped).'
  throw doesNotExist(domain, name)
}

/** Roles, databases and warehouses that nobody created are taken as being there: only the names matter here. */
export const use = ({ object, name }: StatementOf<'use'>, { execution: { session } }: Needs): string => {
  const last = name.at(-1) ?? ''
  if (object === 'ROLE') session.role = last
  if (object === 'WAREHOUSE') session.warehouse = last
  if (object === 'DATABASE') Object.assign(session, { database: last, schema: 'PUBLIC' })
  if (object === 'SCHEMA') Object.assign(session, { database: name.at(-2) ?? session.database, schema: last })
  return 'Statement executed successfully.'
}
