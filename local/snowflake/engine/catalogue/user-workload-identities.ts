import * as z from 'zod'
import type { Execution } from '../query/index.ts'
import { compilationError, doesNotExist, SnowflakeError } from '../snowflake-error.ts'
import type { Settings, StatementOf } from '../sql/index.ts'
import { type Catalogue, type CatalogueObject, findObject, fullName } from './catalogue.ts'
import { flag, text, word } from './setting-schemas.ts'
import { isSamePrincipal, readWorkloadIdentity, type WorkloadIdentity } from './workload-identity.ts'

/** An identity of AWS that a user has. */
export interface UserWorkloadIdentity {
  /** Drawn by Snowflake. */
  readonly id: number
  /** `DEFAULT` is that of the user's property WORKLOAD_IDENTITY. */
  readonly name: string
  readonly identity: WorkloadIdentity
  readonly isDisabled: boolean
  readonly comment: string
  readonly createdBy: string
  readonly createdOn: Date
  readonly alteredBy: string
  readonly alteredOn: Date
  readonly lastUsed: Date | undefined
}

interface StatementContext {
  readonly catalogue: Catalogue
  readonly execution: Execution
}

const defaultIdentityName = 'DEFAULT'

export const identitiesOf = ({ identities }: Catalogue, user: string): readonly UserWorkloadIdentity[] => [
  ...(identities.get(user)?.values() ?? []),
]

const storeIdentity = ({ identities }: Catalogue, user: string, identity: UserWorkloadIdentity): void => {
  const others = identities.get(user) ?? new Map<string, UserWorkloadIdentity>()
  identities.set(user, others.set(identity.name, identity))
}

const newIdentity = (
  name: string,
  identity: WorkloadIdentity,
  { catalogue, execution: { session, startedAt } }: StatementContext,
): UserWorkloadIdentity => ({
  id: catalogue.nextCredentialId(),
  name,
  identity,
  isDisabled: false,
  comment: '',
  lastUsed: undefined,
  createdBy: session.user,
  createdOn: startedAt,
  alteredBy: session.user,
  alteredOn: startedAt,
})

/** An identity of AWS is one user's, and once. The words for a role were observed; those for an IAM user follow them. */
export const checkIdentityUnused = (
  { identities }: Catalogue,
  identity: WorkloadIdentity,
  user: string,
  name = defaultIdentityName,
): void => {
  const isTaken = [...identities].some(([holder, all]) =>
    [...all.values()].some(
      (existing) => (holder !== user || existing.name !== name) && isSamePrincipal(existing.identity, identity),
    ),
  )
  if (!isTaken) return
  throw new SnowflakeError(
    `AWS Authenticator for AWS Account '${identity.accountId}' and ${identity.kind} '${identity.name}' already exists in this Snowflake account.`,
  )
}

/** What the user's property says from now on; the same again is no new identity. */
export const setDefaultIdentity = (
  user: string,
  identity: WorkloadIdentity | undefined,
  context: StatementContext,
): void => {
  const { identities } = context.catalogue
  const current = identities.get(user)?.get(defaultIdentityName)
  if (!identity) identities.get(user)?.delete(defaultIdentityName)
  else if (current?.identity.arn !== identity.arn || current.identity.issuer !== identity.issuer)
    storeIdentity(context.catalogue, user, newIdentity(defaultIdentityName, identity, context))
}

export const recordIdentityUse = (catalogue: Catalogue, user: string, id: number, lastUsed: Date): void => {
  const identity = identitiesOf(catalogue, user).find((one) => one.id === id)
  if (identity) storeIdentity(catalogue, user, { ...identity, lastUsed })
}

const statementExecuted = 'Statement executed successfully.'

/**
 * https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-workload-identity, and its neighbours for MODIFY and REMOVE.
 * The words of the refusals are ours.
 */
export const alterIdentity = (
  { user, ifExists, identity: name, change }: StatementOf<'alter workload identity'>,
  context: StatementContext,
): string => {
  const { catalogue, execution } = context
  const targetUser = user ?? [execution.session.user]
  if (ifExists && !catalogue.objects.has(`USER${fullName('USER', targetUser, execution.session)}`))
    return statementExecuted
  const found = findObject(catalogue, 'USER', targetUser, execution.session)
  const names = change.action === 'rename' ? [name, change.to] : [name]
  if (names.includes(defaultIdentityName)) {
    throw compilationError(
      `the workload identity ${defaultIdentityName} is that of the user's property: ALTER USER … SET or UNSET WORKLOAD_IDENTITY.`,
    )
  }
  const userIdentities = catalogue.identities.get(found.name)
  const newName = change.action === 'add' ? name : change.action === 'rename' ? change.to : undefined
  if (newName !== undefined && userIdentities?.has(newName))
    throw compilationError(`Object '${newName}' already exists.`)
  if (change.action === 'add') {
    storeIdentity(catalogue, found.name, newNamedIdentity(found, name, change.settings, context))
    return statementExecuted
  }
  const current = userIdentities?.get(name)
  if (!current) throw doesNotExist('Workload identity', name)
  const altered = { ...current, alteredBy: execution.session.user, alteredOn: execution.startedAt }
  if (change.action === 'remove' || change.action === 'rename') userIdentities?.delete(name)
  if (change.action === 'rename') storeIdentity(catalogue, found.name, { ...altered, name: change.to })
  if (change.action === 'set') storeIdentity(catalogue, found.name, { ...altered, ...readAlterable(change.settings) })
  if (change.action === 'unset')
    storeIdentity(catalogue, found.name, { ...altered, ...readAlterable(defaultsOf(change.names)) })
  return statementExecuted
}

const identitySettings = z.record(text, z.union([text, word]))

const newNamedIdentity = (
  { name: user, definition }: CatalogueObject,
  name: string,
  settings: Settings,
  context: StatementContext,
): UserWorkloadIdentity => {
  if (definition.kind !== 'USER' || definition.TYPE !== 'SERVICE')
    throw compilationError('a workload identity takes a user of TYPE = SERVICE.')
  const { data } = identitySettings.safeParse(settings)
  if (!data) throw compilationError('the options of a workload identity are texts.')
  const identity = readWorkloadIdentity(new Map(Object.entries(data)))
  checkIdentityUnused(context.catalogue, identity, user, name)
  return newIdentity(name, identity, context)
}

const alterableSettings = z.strictObject({ DISABLED: flag.optional(), COMMENT: text.optional() })
const defaultSettings: Settings = { DISABLED: false, COMMENT: '' }
const defaultsOf = (names: readonly string[]): Settings =>
  Object.fromEntries(names.map((name) => [name, defaultSettings[name] ?? '']))

/** Who an identity is cannot be altered: another one is added in its place. */
const readAlterable = (settings: Settings): Partial<UserWorkloadIdentity> => {
  const { data } = alterableSettings.safeParse(settings)
  if (!data) throw compilationError('of a workload identity DISABLED and COMMENT alone can be altered.')
  const { DISABLED: isDisabled, COMMENT: comment } = data
  return { ...(isDisabled !== undefined && { isDisabled }), ...(comment !== undefined && { comment }) }
}
