import { compilationError, doesNotExist } from '../errors.ts'
import type { Session } from '../query/index.ts'
import type { FunctionCreation, Name, Settings } from '../sql/index.ts'
import { typeText } from '../values/index.ts'
import type { Definition, DefinitionOf } from './definition.ts'
import type { HeldIdentity } from './held-identities.ts'
import type { HeldPrivilege } from './privileges.ts'

export interface HeldObject {
  readonly name: string
  readonly definition: Definition
  /** As written, for ALTER to add to. */
  readonly settings: Settings
  /** Drawn at creation, and anew when the object is replaced. */
  readonly externalId: string
  readonly createdOn: Date
}

export interface HeldFunction {
  readonly name: string
  readonly creation: FunctionCreation
  readonly definition: DefinitionOf<'EXTERNAL FUNCTION' | 'PYTHON FUNCTION'>
  /** `HELLO(VARCHAR) RETURN VARIANT` */
  readonly arguments: string
  readonly createdOn: Date
}

/** What was created in the account, by domain and full name. */
export interface Catalogue {
  readonly objects: Map<string, HeldObject>
  readonly functions: Map<string, HeldFunction>
  /** The roles of each user, by its name and theirs. */
  readonly grants: Map<string, Map<string, Grant>>
  /** What each role may use, by its name and the object's key. */
  readonly privileges: Map<string, Map<string, HeldPrivilege>>
  /** The workload identities of each user, by its name and theirs. */
  readonly identities: Map<string, Map<string, HeldIdentity>>
  /** By who has it: the key of the policy among the objects. */
  readonly attached: Map<string, string>
  readonly nextCredentialId: () => number
}

export interface Grant {
  readonly createdOn: Date
  /** The role in use when it was granted. */
  readonly grantedBy: string
}

export const createCatalogue = (): Catalogue => {
  let credentials = 0
  return {
    objects: new Map(),
    functions: new Map(),
    grants: new Map(),
    privileges: new Map(),
    identities: new Map(),
    attached: new Map(),
    nextCredentialId: () => ++credentials,
  }
}

/** Remembers what the account holds; the function that it returns puts exactly that back. Drawn ids are not given twice. */
export const snapshotCatalogue = (catalogue: Catalogue): (() => void) => {
  const { objects, functions, attached, grants, privileges, identities } = catalogue
  const restores = [
    snapshotMap(objects),
    snapshotMap(functions),
    snapshotMap(attached),
    snapshotMapOfMaps(grants),
    snapshotMapOfMaps(privileges),
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

const ofAccount = new Set(['INTEGRATION', 'ROLE', 'DATABASE', 'WAREHOUSE', 'USER', 'NETWORK POLICY'])

/** The name with the database and schema that the session is in, where the domain has them. */
export const fullName = (domain: string, name: Name, { database, schema }: Session): string => {
  const context = ofAccount.has(domain) ? [] : domain === 'SCHEMA' ? [database] : [database, schema]
  const length = context.length + 1
  if (name.length > length)
    throw compilationError(`'${name.join('.')}' has too many parts for the name of a ${domain}.`)
  return JSON.stringify([...context, ...name].slice(-length))
}

export const findObject = (catalogue: Catalogue, domain: string, name: Name, session: Session): HeldObject => {
  const found = catalogue.objects.get(domain + fullName(domain, name, session))
  if (!found) throw doesNotExist(inTitleCase(domain), name.join('.'))
  return found
}

export const inTitleCase = (domain: string): string => domain[0] + domain.slice(1).toLowerCase()

/** Functions are told apart by the types of their arguments, without sizes. */
export const functionKey = (name: Name, types: readonly { readonly name: string }[], session: Session): string =>
  `${fullName('FUNCTION', name, session)}(${types.map((type) => type.name)})`

export const argumentsText = ({ name, parameters, returns }: FunctionCreation): string =>
  `${name.at(-1)}(${parameters.map(({ type }) => type.name).join(', ')}) RETURN ${typeText(returns).split('(')[0]}`
