import type { AuthenticationPolicy } from './authentication-policy.ts'
import type { Catalogue, CatalogueObject } from './catalogue.ts'
import type { Listing } from './describe-objects.ts'
import type { NetworkPolicy } from './network-policy.ts'
import type { ObjectDefinitionOf } from './object-definitions.ts'
import { effectivePolicy } from './policies.ts'
import type { PublicKey } from './user-definition.ts'
import { identitiesOf, type UserWorkloadIdentity } from './user-workload-identities.ts'

/** What a login has to know of a user. */
export interface SnowflakeUser {
  readonly name: string
  readonly loginName: string
  readonly isDisabled: boolean
  readonly publicKeys: readonly PublicKey[]
  readonly workloadIdentities: readonly UserWorkloadIdentity[]
  /** Every user has PUBLIC. */
  readonly roles: ReadonlySet<string>
  readonly defaultRole: string | undefined
  readonly defaultWarehouse: string | undefined
  /** `DATABASE` or `DATABASE.SCHEMA` */
  readonly defaultNamespace: string | undefined
  readonly networkPolicy: NetworkPolicy | undefined
  readonly authenticationPolicy: AuthenticationPolicy | undefined
}

type UserDefinition = ObjectDefinitionOf<'USER'>

const userDefinitionsOf = ({ objects }: Catalogue): readonly (readonly [name: string, definition: UserDefinition])[] =>
  [...objects.values()].flatMap(({ name, definition }) =>
    definition.kind === 'USER' ? [[name, definition] as const] : [],
  )

export const usersOf = (catalogue: Catalogue): readonly SnowflakeUser[] =>
  userDefinitionsOf(catalogue).map(([name, definition]) => ({
    name,
    loginName: definition.LOGIN_NAME ?? name,
    isDisabled: definition.DISABLED,
    publicKeys: [definition.RSA_PUBLIC_KEY, definition.RSA_PUBLIC_KEY_2].filter((key) => key !== undefined),
    workloadIdentities: identitiesOf(catalogue, name),
    roles: new Set(['PUBLIC', ...(catalogue.roleGrants.get(name)?.keys() ?? [])]),
    defaultRole: definition.DEFAULT_ROLE,
    defaultWarehouse: definition.DEFAULT_WAREHOUSE,
    defaultNamespace: definition.DEFAULT_NAMESPACE,
    ...policiesOf(catalogue, name),
  }))

const policiesOf = (catalogue: Catalogue, user: string) => {
  const network = effectivePolicy(catalogue, 'NETWORK POLICY', user)?.policy.definition
  const authentication = effectivePolicy(catalogue, 'AUTHENTICATION POLICY', user)?.policy.definition
  return {
    networkPolicy: network?.kind === 'NETWORK POLICY' ? network : undefined,
    authenticationPolicy: authentication?.kind === 'AUTHENTICATION POLICY' ? authentication : undefined,
  }
}

/** https://docs.snowflake.com/en/sql-reference/sql/desc-user; the ARN of an identity is not among the properties. */
export const describeUser = (catalogue: Catalogue, { name, definition }: CatalogueObject): Listing => {
  if (definition.kind !== 'USER') throw new TypeError(definition.kind)
  const properties: readonly (readonly [property: string, value: string | boolean | undefined])[] = [
    ['NAME', name],
    ['COMMENT', definition.COMMENT || undefined],
    ['DISPLAY_NAME', definition.DISPLAY_NAME ?? name],
    ['TYPE', definition.TYPE],
    ['LOGIN_NAME', definition.LOGIN_NAME ?? name],
    ['DISABLED', definition.DISABLED],
    ['DEFAULT_WAREHOUSE', definition.DEFAULT_WAREHOUSE],
    ['DEFAULT_NAMESPACE', definition.DEFAULT_NAMESPACE],
    ['DEFAULT_ROLE', definition.DEFAULT_ROLE],
    ['RSA_PUBLIC_KEY_FP', definition.RSA_PUBLIC_KEY?.fingerprint],
    ['RSA_PUBLIC_KEY_2_FP', definition.RSA_PUBLIC_KEY_2?.fingerprint],
    ['HAS_WORKLOAD_IDENTITY', identitiesOf(catalogue, name).length > 0],
  ]
  return {
    columns: ['property', 'value', 'default', 'description'],
    rows: properties.map(([property, value]) => [property, String(value ?? 'null'), 'null', '']),
  }
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-grants, with the columns of bundle 2025_01; their values for a role are inferred. */
export const showGrantsToUser = ({ roleGrants }: Catalogue, { name }: CatalogueObject): Listing => ({
  columns: [
    'created_on',
    'privilege',
    'granted_on',
    'name',
    'role',
    'granted_to',
    'grantee_name',
    'grant_option',
    'granted_by',
  ],
  rows: [...(roleGrants.get(name) ?? [])].map(([role, { createdOn, grantedBy }]) => [
    createdOn.toISOString(),
    'USAGE',
    'ROLE',
    role,
    role,
    'USER',
    name,
    'false',
    grantedBy,
  ]),
})

/**
 * https://docs.snowflake.com/en/sql-reference/sql/show-user-workload-identity-authentication-methods ; `issuer` is not on that
 * page and was observed (github.com/snowflakedb/terraform-provider-snowflake/pull/4964). The ARN is not shown.
 */
export const showIdentities = (catalogue: Catalogue, { name: user }: CatalogueObject): Listing => ({
  columns: ['name', 'type', 'comment', 'last_used', 'created_on', 'additional_info'],
  rows: identitiesOf(catalogue, user).map(({ name, identity, comment, lastUsed, createdOn }) => {
    const { partition: awsPartition, accountId: awsAccount, kind, name: iamRole, issuer } = identity
    const info = { awsPartition, awsAccount, type: kind.toUpperCase().replace(' ', '_'), iamRole, issuer }
    return [name, 'AWS', comment, lastUsed?.toISOString() ?? null, createdOn.toISOString(), JSON.stringify(info)]
  }),
})
