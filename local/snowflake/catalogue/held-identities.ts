import * as z from 'zod'
import { compilationError, doesNotExist, SnowflakeError } from '../errors.ts'
import type { Execution } from '../query/index.ts'
import type { Settings, StatementOf } from '../sql/index.ts'
import { type Catalogue, findObject, fullName, type HeldObject } from './catalogue.ts'
import { flag, text, word } from './setting-forms.ts'
import { isSame, readWorkloadIdentity, type WorkloadIdentity } from './workload-identity.ts'

/** An identity of AWS that a user has. */
export interface HeldIdentity {
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

interface Needs {
  readonly catalogue: Catalogue
  readonly execution: Execution
}

const ofProperty = 'DEFAULT'

export const identitiesOf = ({ identities }: Catalogue, user: string): readonly HeldIdentity[] => [
  ...(identities.get(user)?.values() ?? []),
]

const hold = ({ identities }: Catalogue, user: string, held: HeldIdentity): void => {
  const others = identities.get(user) ?? new Map<string, HeldIdentity>()
  identities.set(user, others.set(held.name, held))
}

const newIdentity = (
  name: string,
  identity: WorkloadIdentity,
  { catalogue, execution: { session, startedAt } }: Needs,
): HeldIdentity => ({
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
export const checkIdentityIsFree = (
  { identities }: Catalogue,
  wanted: WorkloadIdentity,
  user: string,
  name = ofProperty,
): void => {
  const isTaken = [...identities].some(([holder, all]) =>
    [...all.values()].some((held) => (holder !== user || held.name !== name) && isSame(held.identity, wanted)),
  )
  if (!isTaken) return
  throw new SnowflakeError(
    `AWS Authenticator for AWS Account '${wanted.accountId}' and ${wanted.kind} '${wanted.name}' already exists in this Snowflake account.`,
  )
}

/** What the user's property says from now on; the same again is no new identity. */
export const setDefaultIdentity = (user: string, identity: WorkloadIdentity | undefined, needs: Needs): void => {
  const { identities } = needs.catalogue
  const before = identities.get(user)?.get(ofProperty)
  if (!identity) identities.get(user)?.delete(ofProperty)
  else if (before?.identity.arn !== identity.arn || before.identity.issuer !== identity.issuer)
    hold(needs.catalogue, user, newIdentity(ofProperty, identity, needs))
}

export const markUsed = (catalogue: Catalogue, user: string, id: number, lastUsed: Date): void => {
  const held = identitiesOf(catalogue, user).find((one) => one.id === id)
  if (held) hold(catalogue, user, { ...held, lastUsed })
}

const done = 'Statement executed successfully.'

/**
 * https://docs.snowflake.com/en/sql-reference/sql/alter-user-add-workload-identity, and its neighbours for MODIFY and REMOVE.
 * The words of the refusals are ours.
 */
export const alterIdentity = (
  { user, ifExists, identity: name, change }: StatementOf<'alter workload identity'>,
  needs: Needs,
): string => {
  const { catalogue, execution } = needs
  const wanted = user ?? [execution.session.user]
  if (ifExists && !catalogue.objects.has(`USER${fullName('USER', wanted, execution.session)}`)) return done
  const found = findObject(catalogue, 'USER', wanted, execution.session)
  const names = change.action === 'rename' ? [name, change.to] : [name]
  if (names.includes(ofProperty)) {
    throw compilationError(
      `the workload identity ${ofProperty} is that of the user's property: ALTER USER … SET or UNSET WORKLOAD_IDENTITY.`,
    )
  }
  const held = catalogue.identities.get(found.name)
  const taken = change.action === 'add' ? name : change.action === 'rename' ? change.to : undefined
  if (taken !== undefined && held?.has(taken)) throw compilationError(`Object '${taken}' already exists.`)
  if (change.action === 'add') {
    hold(catalogue, found.name, added(found, name, change.settings, needs))
    return done
  }
  const before = held?.get(name)
  if (!before) throw doesNotExist('Workload identity', name)
  const altered = { ...before, alteredBy: execution.session.user, alteredOn: execution.startedAt }
  if (change.action === 'remove' || change.action === 'rename') held?.delete(name)
  if (change.action === 'rename') hold(catalogue, found.name, { ...altered, name: change.to })
  if (change.action === 'set') hold(catalogue, found.name, { ...altered, ...readAlterable(change.settings) })
  if (change.action === 'unset') hold(catalogue, found.name, { ...altered, ...readAlterable(unset(change.names)) })
  return done
}

const identitySettings = z.record(text, z.union([text, word]))

const added = (
  { name: user, definition }: HeldObject,
  name: string,
  settings: Settings,
  needs: Needs,
): HeldIdentity => {
  if (definition.kind !== 'USER' || definition.TYPE !== 'SERVICE')
    throw compilationError('a workload identity takes a user of TYPE = SERVICE.')
  const { data } = identitySettings.safeParse(settings)
  if (!data) throw compilationError('the options of a workload identity are texts.')
  const identity = readWorkloadIdentity(new Map(Object.entries(data)))
  checkIdentityIsFree(needs.catalogue, identity, user, name)
  return newIdentity(name, identity, needs)
}

const alterable = z.strictObject({ DISABLED: flag.optional(), COMMENT: text.optional() })
const byDefault: Settings = { DISABLED: false, COMMENT: '' }
const unset = (names: readonly string[]): Settings =>
  Object.fromEntries(names.map((name) => [name, byDefault[name] ?? '']))

/** Who an identity is cannot be altered: another one is added in its place. */
const readAlterable = (settings: Settings): Partial<HeldIdentity> => {
  const { data } = alterable.safeParse(settings)
  if (!data) throw compilationError('of a workload identity DISABLED and COMMENT alone can be altered.')
  const { DISABLED: isDisabled, COMMENT: comment } = data
  return { ...(isDisabled !== undefined && { isDisabled }), ...(comment !== undefined && { comment }) }
}
