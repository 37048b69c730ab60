import { compilationError } from '../errors.ts'
import type { Execution, Session } from '../query/index.ts'
import type { Name, PolicyKind, StatementOf } from '../sql/index.ts'
import { type Catalogue, findObject, fullName, type HeldObject } from './catalogue.ts'

interface Needs {
  readonly catalogue: Catalogue
  readonly execution: Execution
}

/** Of the account, unless a user is named. */
const holderOf = (kind: PolicyKind, user: string | undefined): string =>
  `${kind} of ${user === undefined ? 'ACCOUNT' : `USER ${user}`}`

/** Without a name nothing is attached from now on. @throws SnowflakeError when there is no such policy */
export const setPolicy = (
  catalogue: Catalogue,
  kind: PolicyKind,
  user: string | undefined,
  name: Name | undefined,
  session: Session,
): void => {
  const holder = holderOf(kind, user)
  if (name) {
    findObject(catalogue, kind, name, session)
    catalogue.attached.set(holder, kind + fullName(kind, name, session))
  } else catalogue.attached.delete(holder)
}

/** ALTER ACCOUNT and ALTER USER, where they are about a policy. */
export const attachPolicy = (
  { policy, user, ifExists, name }: StatementOf<'attach policy'>,
  { catalogue, execution: { session } }: Needs,
): string => {
  const isThere = !user || !ifExists || catalogue.objects.has(`USER${fullName('USER', user, session)}`)
  if (isThere) setPolicy(catalogue, policy, user && findObject(catalogue, 'USER', user, session).name, name, session)
  return 'Statement executed successfully.'
}

export const forgetPoliciesOf = ({ attached }: Catalogue, user: string): void => {
  for (const kind of ['NETWORK POLICY', 'AUTHENTICATION POLICY'] as const) attached.delete(holderOf(kind, user))
}

export interface Attached {
  readonly held: HeldObject
  readonly level: 'USER' | 'ACCOUNT'
}

/** What counts for a user: its own policy goes before that of the account. */
export const policyOf = ({ objects, attached }: Catalogue, kind: PolicyKind, user?: string): Attached | undefined => {
  const own = user === undefined ? undefined : objects.get(attached.get(holderOf(kind, user)) ?? '')
  if (own) return { held: own, level: 'USER' }
  const ofAccount = objects.get(attached.get(holderOf(kind, undefined)) ?? '')
  return ofAccount && { held: ofAccount, level: 'ACCOUNT' }
}

/** The words for a network policy of a user were observed; those for the account, and for the other kind, follow them. */
export const checkIsFree = ({ attached }: Catalogue, key: string, name: string): void => {
  const [holder] = [...attached].find(([, policy]) => policy === key) ?? []
  const [, kind = '', level = '', user = ''] = /^(.*) of (ACCOUNT|USER) ?(.*)$/.exec(holder ?? '') ?? []
  if (holder === undefined) return
  throw compilationError(
    `Cannot perform Drop operation on ${kind.toLowerCase()} ${name}. The policy is attached to ${level}${user && ` with name ${user}`}. Unset the ${kind.toLowerCase()} from ${level} and try the Drop operation again.`,
    { code: '001492', sqlState: '42601' },
  )
}
