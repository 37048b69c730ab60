import type { Session } from '../query/index.ts'
import type { StatementOf } from '../sql/index.ts'
import { type Catalogue, findObject, type HeldObject } from './catalogue.ts'
import type { Listing } from './describe.ts'
import { policyOf } from './policies.ts'

const list = (entries: readonly string[]): string => `[${entries.join(', ')}]`

/** https://docs.snowflake.com/en/sql-reference/sql/desc-network-policy and desc-authentication-policy */
export const describePolicy = ({ name, definition }: HeldObject): Listing => {
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
    ['AUTHENTICATION_METHODS', list(methods), '[ALL]'],
    ['WORKLOAD_IDENTITY_POLICY', workloads ? JSON.stringify(workloads) : '', ''],
  ] as const
  return {
    columns: ['property', 'value', 'default', 'description'],
    rows: properties.map(([property, value, byDefault]) => [property, value, byDefault, '']),
  }
}

type Shown = StatementOf<'show policies'>

/** All of a kind; or the one that is attached to the account, or to a user itself. */
export const showPolicies = ({ policy, on }: Shown, catalogue: Catalogue, session: Session): Listing => {
  const level = on === 'ACCOUNT' ? 'ACCOUNT' : 'USER'
  const user = on && on !== 'ACCOUNT' ? findObject(catalogue, 'USER', on, session).name : undefined
  const attached = on && policyOf(catalogue, policy, user)
  const held = on
    ? attached?.level === level
      ? [attached.held]
      : []
    : [...catalogue.objects.values()].filter(({ definition }) => definition.kind === policy)
  return policy === 'NETWORK POLICY' ? networkPolicies(held) : authenticationPolicies(held)
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-network-policies */
const networkPolicies = (held: readonly HeldObject[]): Listing => ({
  columns: ['created_on', 'name', 'comment', 'entries_in_allowed_ip_list', 'entries_in_blocked_ip_list'],
  rows: held.flatMap(({ name, createdOn, definition }) =>
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
const authenticationPolicies = (held: readonly HeldObject[]): Listing => ({
  columns: ['created_on', 'name', 'kind', 'comment'],
  rows: held.map(({ name, createdOn, definition }) => [
    createdOn.toISOString(),
    name,
    'AUTHENTICATION_POLICY',
    definition.COMMENT,
  ]),
})

/** https://docs.snowflake.com/en/sql-reference/sql/show-parameters, of the one parameter that is a policy. */
export const showNetworkPolicyParameter = (catalogue: Catalogue, user: string | undefined): Listing => {
  const attached = policyOf(catalogue, 'NETWORK POLICY', user)
  return {
    columns: ['key', 'value', 'default', 'level', 'description', 'type'],
    rows: [['NETWORK_POLICY', attached?.held.name ?? '', '', attached?.level ?? '', 'Network policy.', 'STRING']],
  }
}
