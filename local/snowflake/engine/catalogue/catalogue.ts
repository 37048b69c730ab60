import type { SessionState } from '../query/index.ts'
import { compilationError, doesNotExist } from '../snowflake-error.ts'
import type { FunctionCreation, Name, Settings } from '../sql/index.ts'
import { typeText } from '../values/index.ts'
import type { UsageGrant } from './grants.ts'
import type { ObjectDefinition, ObjectDefinitionOf } from './object-definitions.ts'
import type { UserWorkloadIdentity } from './user-workload-identities.ts'

export interface CatalogueObject {
  readonly name: string
  readonly definition: ObjectDefinition
  /** As written, for ALTER to add to. */
  readonly settings: Settings
  /** Drawn at creation, and anew when the object is replaced. */
  readonly externalId: string
  readonly createdOn: Date
}

export interface CatalogueFunction {
  readonly name: string
  readonly creation: FunctionCreation
  readonly definition: ObjectDefinitionOf<'EXTERNAL FUNCTION' | 'PYTHON FUNCTION'>
  /** `HELLO(VARCHAR) RETURN VARIANT` */
  readonly arguments: string
  readonly createdOn: Date
}

/** What was created in the account, by domain and full name. */
export interface Catalogue {
  readonly objects: Map<string, CatalogueObject>
  readonly functions: Map<string, CatalogueFunction>
  /** The roles of each user, by its name and theirs. */
  readonly roleGrants: Map<string, Map<string, RoleGrant>>
  /** What each role may use, by its name and the object's key. */
  readonly usageGrants: Map<string, Map<string, UsageGrant>>
  /** The workload identities of each user, by its name and theirs. */
  readonly identities: Map<string, Map<string, UserWorkloadIdentity>>
  /** By who has it: the key of the policy among the objects. */
  readonly attachedPolicies: Map<string, string>
  readonly nextCredentialId: () => number
}

export interface RoleGrant {
  readonly createdOn: Date
  /** The role in use when it was granted. */
  readonly grantedBy: string
}

export const createCatalogue = (): Catalogue => {
  let credentials = 0
  return {
    objects: new Map(),
    functions: new Map(),
    roleGrants: new Map(),
    usageGrants: new Map(),
    identities: new Map(),
    attachedPolicies: new Map(),
    nextCredentialId: () => ++credentials,
  }
}

/** Remembers what the account holds; the function that it returns puts exactly that back. Drawn ids are not given twice. */
export const snapshotCatalogue = (catalogue: Catalogue): (() => void) => {
  const { objects, functions, attachedPolicies, roleGrants, usageGrants, identities } = catalogue
  const restores = [
    snapshotMap(objects),
    snapshotMap(functions),
    snapshotMap(attachedPolicies),
    snapshotMapOfMaps(roleGrants),
    snapshotMapOfMaps(usageGrants),
    snapshotMapOfMaps(identities),
  ]
  return () => {
    for (const restore of restores) restore()
  }
}

/** Its values are never changed, but replaced. */
const snapshotMap = <Value>(map: Map<string, Value>): (() => void) => {
  const before = [...map]
  return () => {
    map.clear()
    for (const [key, value] of before) map.set(key, value)
  }
}

const snapshotMapOfMaps = <Value>(maps: Map<string, Map<string, Value>>): (() => void) => {
  const before = [...maps].map(([key, map]) => [key, [...map]] as const)
  return () => {
    maps.clear()
    for (const [key, entries] of before) maps.set(key, new Map(entries))
  }
}

/** INTEGRATION for all three kinds of them: they share their names. */
export const domainOf = (kind: string): string => (kind.endsWith('INTEGRATION') ? 'INTEGRATION' : kind)

const accountLevelDomains = new Set(['INTEGRATION', 'ROLE', 'DATABASE', 'WAREHOUSE', 'USER', 'NETWORK POLICY'])

/** The name with the database and schema that the session is in, where the domain has them. */
export const fullName = (domain: string, name: Name, { database, schema }: SessionState): string => {
  const context = accountLevelDomains.has(domain) ? [] : domain === 'SCHEMA' ? [database] : [database, schema]
  const length = context.length + 1
  if (name.length > length)
    throw compilationError(`'${name.join('.')}' has too many parts for the name of a ${domain}.`)
  return JSON.stringify([...context, ...name].slice(-length))
}

export const findObject = (
  catalogue: Catalogue,
  domain: string,
  name: Name,
  session: SessionState,
): CatalogueObject => {
  const found = catalogue.objects.get(domain + fullName(domain, name, session))
  if (!found) throw doesNotExist(titleCase(domain), name.join('.'))
  return found
}

export const titleCase = (domain: string): string => domain[0] + domain.slice(1).toLowerCase()

/** Functions are identified by name and argument types, without sizes. */
export const functionKey = (name: Name, types: readonly { readonly name: string }[], session: SessionState): string =>
  `${fullName('FUNCTION', name, session)}(${types.map((type) => type.name)})`

export const argumentsText = ({ name, parameters, returns }: FunctionCreation): string =>
  `${name.at(-1)}(${parameters.map(({ type }) => type.name).join(', ')}) RETURN ${typeText(returns).split('(')[0]}`
