import type { Execution, SessionState } from '../query/index.ts'
import { compilationError } from '../snowflake-error.ts'
import type { Name, PolicyKind, StatementOf } from '../sql/index.ts'
import { type Catalogue, type CatalogueObject, findObject, fullName } from './catalogue.ts'
import type { Listing } from './describe-objects.ts'

interface StatementContext {
  readonly catalogue: Catalogue
  readonly execution: Execution
}

/** Of the account, unless a user is named. */
const attachmentKey = (kind: PolicyKind, user: string | undefined): string =>
  `${kind} of ${user === undefined ? 'ACCOUNT' : `USER ${user}`}`

/** Without a name nothing is attached from now on. @throws SnowflakeError when there is no such policy */
export const setPolicy = (
  catalogue: Catalogue,
  kind: PolicyKind,
  user: string | undefined,
  name: Name | undefined,
  session: SessionState,
): void => {
  const key = attachmentKey(kind, user)
  if (name) {
    findObject(catalogue, kind, name, session)
    catalogue.attachedPolicies.set(key, kind + fullName(kind, name, session))
  } else catalogue.attachedPolicies.delete(key)
}

/** ALTER ACCOUNT and ALTER USER, where they are about a policy. */
export const attachPolicy = (
  { policy, user, ifExists, name }: StatementOf<'attach policy'>,
  { catalogue, execution: { session } }: StatementContext,
): string => {
  const isThere = !user || !ifExists || catalogue.objects.has(`USER${fullName('USER', user, session)}`)
  if (isThere) setPolicy(catalogue, policy, user && findObject(catalogue, 'USER', user, session).name, name, session)
  return 'Statement executed successfully.'
}

export const detachPoliciesOf = ({ attachedPolicies }: Catalogue, user: string): void => {
  for (const kind of ['NETWORK POLICY', 'AUTHENTICATION POLICY'] as const)
    attachedPolicies.delete(attachmentKey(kind, user))
}

interface AttachedPolicy {
  readonly policy: CatalogueObject
  readonly level: 'USER' | 'ACCOUNT'
}

/** What counts for a user: its own policy goes before that of the account. */
export const effectivePolicy = (
  { objects, attachedPolicies }: Catalogue,
  kind: PolicyKind,
  user?: string,
): AttachedPolicy | undefined => {
  const userPolicy = user === undefined ? undefined : objects.get(attachedPolicies.get(attachmentKey(kind, user)) ?? '')
  if (userPolicy) return { policy: userPolicy, level: 'USER' }
  const accountPolicy = objects.get(attachedPolicies.get(attachmentKey(kind, undefined)) ?? '')
  return accountPolicy && { policy: accountPolicy, level: 'ACCOUNT' }
}

/** The words for a network policy of a user were observed; those for the account, and for the other kind, follow them. */
export const checkPolicyDetached = ({ attachedPolicies }: Catalogue, key: string, name: string): void => {
  const [holder] = [...attachedPolicies].find(([, policy]) => policy === key) ?? []
  const [, kind = '', level = '', user = ''] = /^(.*) of (ACCOUNT|USER) ?(.*)$/.exec(holder ?? '') ?? []
  if (holder === undefined) return
  throw compilationError(
    `Cannot perform Drop operation on ${kind.toLowerCase()} ${name}. The policy is attached to ${level}${user && ` with name ${user}`}. Unset the ${kind.toLowerCase()} from ${level} and try the Drop operation again.`,
    { code: '001492', sqlState: '42601' },
  )
}

const bracketed = (entries: readonly string[]): string => `[${entries.join(', ')}]`

/** https://docs.snowflake.com/en/sql-reference/sql/desc-network-policy and desc-authentication-policy */
export const describePolicy = ({ name, definition }: CatalogueObject): Listing => {
  if (definition.kind === 'NETWORK POLICY') {
    const lists = [
      ['ALLOWED_IP_LIST', definition.ALLOWED_IP_LIST.join(',')],
      ['BLOCKED_IP_LIST', definition.BLOCKED_IP_LIST.join(',')],
    ] as const
    return { columns: ['name', 'value'], rows: lists.filter(([, value]) => value !== '') }
  }
  if (definition.kind !== 'AUTHENTICATION POLICY') throw new TypeError(definition.kind)
  const { AUTHENTICATION_METHODS: methods, WORKLOAD_IDENTITY_POLICY: workloads, COMMENT: comment } = definition
  const properties = [
    ['NAME', name, ''],
    ['COMMENT', comment, ''],
    ['AUTHENTICATION_METHODS', bracketed(methods), '[ALL]'],
    ['WORKLOAD_IDENTITY_POLICY', workloads ? JSON.stringify(workloads) : '', ''],
  ] as const
  return {
    columns: ['property', 'value', 'default', 'description'],
    rows: properties.map(([property, value, byDefault]) => [property, value, byDefault, '']),
  }
}

type ShowPoliciesStatement = StatementOf<'show policies'>

/** All of a kind; or the one that is attached to the account, or to a user itself. */
export const showPolicies = (
  { policy, on }: ShowPoliciesStatement,
  catalogue: Catalogue,
  session: SessionState,
): Listing => {
  const level = on === 'ACCOUNT' ? 'ACCOUNT' : 'USER'
  const user = on && on !== 'ACCOUNT' ? findObject(catalogue, 'USER', on, session).name : undefined
  const attachedPolicy = on && effectivePolicy(catalogue, policy, user)
  const shownPolicies = on
    ? attachedPolicy?.level === level
      ? [attachedPolicy.policy]
      : []
    : [...catalogue.objects.values()].filter(({ definition }) => definition.kind === policy)
  return policy === 'NETWORK POLICY' ? listNetworkPolicies(shownPolicies) : listAuthenticationPolicies(shownPolicies)
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-network-policies */
const listNetworkPolicies = (policies: readonly CatalogueObject[]): Listing => ({
  columns: ['created_on', 'name', 'comment', 'entries_in_allowed_ip_list', 'entries_in_blocked_ip_list'],
  rows: policies.flatMap(({ name, createdOn, definition }) =>
    definition.kind === 'NETWORK POLICY'
      ? [
          [
            createdOn.toISOString(),
            name,
            definition.COMMENT,
            ...[definition.ALLOWED_IP_LIST, definition.BLOCKED_IP_LIST].map(({ length }) => String(length)),
          ],
        ]
      : [],
  ),
})

/** https://docs.snowflake.com/en/sql-reference/sql/show-authentication-policies */
const listAuthenticationPolicies = (policies: readonly CatalogueObject[]): Listing => ({
  columns: ['created_on', 'name', 'kind', 'comment'],
  rows: policies.map(({ name, createdOn, definition }) => [
    createdOn.toISOString(),
    name,
    'AUTHENTICATION_POLICY',
    definition.COMMENT,
  ]),
})

/** https://docs.snowflake.com/en/sql-reference/sql/show-parameters, of the one parameter that is a policy. */
export const showNetworkPolicyParameter = (catalogue: Catalogue, user: string | undefined): Listing => {
  const attached = effectivePolicy(catalogue, 'NETWORK POLICY', user)
  return {
    columns: ['key', 'value', 'default', 'level', 'description', 'type'],
    rows: [['NETWORK_POLICY', attached?.policy.name ?? '', '', attached?.level ?? '', 'Network policy.', 'STRING']],
  }
}
