import { SnowflakeError } from '../errors.ts'
import type { Catalogue, HeldObject } from './catalogue.ts'
import type { DefinitionOf } from './definition.ts'
import type { Listing } from './describe.ts'
import type { PublicKey } from './public-key.ts'
import type { WorkloadIdentity } from './workload-identity.ts'

/** What a login has to know of a user. */
export interface SnowflakeUser {
  readonly name: string
  readonly loginName: string
  readonly isDisabled: boolean
  readonly publicKeys: readonly PublicKey[]
  readonly workloadIdentity: WorkloadIdentity | undefined
  /** PUBLIC is everybody's. */
  readonly roles: ReadonlySet<string>
  readonly defaultRole: string | undefined
  readonly defaultWarehouse: string | undefined
  /** `DATABASE` or `DATABASE.SCHEMA` */
  readonly defaultNamespace: string | undefined
}

type UserDefinition = DefinitionOf<'USER'>

const definitionsOf = ({ objects }: Catalogue): readonly (readonly [name: string, definition: UserDefinition])[] =>
  [...objects.values()].flatMap(({ name, definition }) =>
    definition.kind === 'USER' ? [[name, definition] as const] : [],
  )

export const usersOf = (catalogue: Catalogue): readonly SnowflakeUser[] =>
  definitionsOf(catalogue).map(([name, definition]) => ({
    name,
    loginName: definition.LOGIN_NAME ?? name,
    isDisabled: definition.DISABLED,
    publicKeys: [definition.RSA_PUBLIC_KEY, definition.RSA_PUBLIC_KEY_2].filter((key) => key !== undefined),
    workloadIdentity: definition.WORKLOAD_IDENTITY,
    roles: new Set(['PUBLIC', ...(catalogue.grants.get(name) ?? [])]),
    defaultRole: definition.DEFAULT_ROLE,
    defaultWarehouse: definition.DEFAULT_WAREHOUSE,
    defaultNamespace: definition.DEFAULT_NAMESPACE,
  }))

/** An identity of AWS is one user's. The words for a role were observed; those for an IAM user follow them. */
export const checkIdentityIsFree = (
  catalogue: Catalogue,
  name: string,
  { WORKLOAD_IDENTITY: wanted }: UserDefinition,
) => {
  if (!wanted) return
  const isTaken = definitionsOf(catalogue).some(
    ([other, { WORKLOAD_IDENTITY: held }]) => other !== name && held && isSame(held, wanted),
  )
  if (!isTaken) return
  throw new SnowflakeError(
    `AWS Authenticator for AWS Account '${wanted.accountId}' and ${wanted.kind} '${wanted.name}' already exists in this Snowflake account.`,
  )
}

export const isSame = (
  left: Omit<WorkloadIdentity, 'arn' | 'issuer'>,
  right: Omit<WorkloadIdentity, 'arn' | 'issuer'>,
): boolean =>
  left.partition === right.partition &&
  left.accountId === right.accountId &&
  left.kind === right.kind &&
  left.name === right.name

/** https://docs.snowflake.com/en/sql-reference/sql/desc-user; the ARN of an identity is not among the properties. */
export const describeUser = ({ name, definition }: HeldObject): Listing => {
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
    ['HAS_WORKLOAD_IDENTITY', definition.WORKLOAD_IDENTITY !== undefined],
  ]
  return {
    columns: ['property', 'value', 'default', 'description'],
    rows: properties.map(([property, value]) => [property, String(value ?? 'null'), 'null', '']),
  }
}
