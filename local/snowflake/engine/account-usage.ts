import { type Catalogue, fullName, type UserWorkloadIdentity } from './catalogue/index.ts'
import type { FindView, Frame } from './query/index.ts'
import { dateTimeOf, number, type SnowflakeType, text, type Value } from './values/index.ts'

const timestampLtz: SnowflakeType = { name: 'TIMESTAMP_LTZ', scale: 9 }

interface CredentialRow {
  readonly user: string
  readonly credential: UserWorkloadIdentity
}

const rowsOf = ({ identities }: Catalogue): readonly CredentialRow[] =>
  [...identities].flatMap(([user, all]) => [...all.values()].map((credential) => ({ user, credential })))

/** https://docs.snowflake.com/en/sql-reference/account-usage/credentials. Of an identity the status is not documented. */
const columns: readonly (readonly [name: string, type: SnowflakeType, value: (row: CredentialRow) => Value])[] = [
  ['CREDENTIAL_ID', number(), ({ credential }) => ({ units: BigInt(credential.id), scale: 0 })],
  ['NAME', text, ({ credential }) => credential.name],
  ['USER_NAME', text, ({ user }) => user],
  ['TYPE', text, () => 'AWS'],
  ['DOMAIN', text, () => 'WORKLOAD_IDENTITY_FEDERATION_METHOD'],
  ['COMMENT', text, ({ credential }) => credential.comment],
  ['STATUS', text, () => null],
  [
    'ADDITIONAL_DETAILS',
    { name: 'OBJECT' },
    ({ credential: { identity } }) =>
      new Map([
        ['aws_partition', identity.partition],
        ['aws_account', identity.accountId],
        ['type', identity.kind === 'IAM role' ? 'IAM_ROLE' : 'IAM_USER'],
        ['iam_role', identity.name],
      ]),
  ],
  ['CREATED_BY', text, ({ credential }) => credential.createdBy],
  ['LAST_ALTERED_BY', text, ({ credential }) => credential.alteredBy],
  ['CREATED_ON', timestampLtz, ({ credential }) => dateTimeOf(credential.createdOn)],
  ['LAST_USED_ON', timestampLtz, ({ credential }) => (credential.lastUsed ? dateTimeOf(credential.lastUsed) : null)],
  ['LAST_ALTERED', timestampLtz, ({ credential }) => dateTimeOf(credential.alteredOn)],
  ['EXPIRATION_DATE', timestampLtz, () => null],
]

const credentials = (catalogue: Catalogue): Frame => {
  const rows = rowsOf(catalogue)
  return {
    length: rows.length,
    columns: columns.map(([name, type, value]) => ({ name, type, values: rows.map(value), table: undefined })),
  }
}

const credentialsName = JSON.stringify(['SNOWFLAKE', 'ACCOUNT_USAGE', 'CREDENTIALS'])

/** The one view there is: what users log in with. Snowflake's own is up to two hours late, this one never. */
export const createViewFinder =
  (catalogue: Catalogue): FindView =>
  (name, { session }) =>
    name.length <= 3 && fullName('VIEW', name, session) === credentialsName ? credentials(catalogue) : undefined
