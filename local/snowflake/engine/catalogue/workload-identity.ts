import { compilationError, LocalLimitError } from '../snowflake-error.ts'

/** Who of AWS a user is, as Snowflake keeps it. */
export interface WorkloadIdentity {
  readonly arn: string
  readonly partition: string
  readonly accountId: string
  readonly kind: 'IAM role' | 'IAM user'
  readonly name: string
  /** The account's own issuer of tokens at STS; without one only a signed request attests the user. */
  readonly issuer: string | undefined
}

const issuerPattern = /^https:\/\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tokens\.sts\.global\.api\.aws$/

/** https://docs.snowflake.com/en/user-guide/workload-identity-federation */
export const readWorkloadIdentity = (properties: ReadonlyMap<string, string>): WorkloadIdentity => {
  const { TYPE: type = '', ARN: arn = '', ISSUER: issuer, ...others } = Object.fromEntries(properties)
  if (type !== 'AWS') throw new LocalLimitError(`workload identities of TYPE = ${type || 'nothing'}; it has AWS`)
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new LocalLimitError(`the option ${unknown} of WORKLOAD_IDENTITY`)
  if (/^arn:[\w-]+:sts::\d{12}:assumed-role\//.test(arn)) {
    throw new LocalLimitError('the ARN of a session as a WORKLOAD_IDENTITY; name the role, arn:aws:iam::…:role/…')
  }
  const [, partition, accountId, kind, name] =
    /^arn:(aws[\w-]*):iam::(\d{12}):(role|user)\/([\w+=,.@/-]+)$/.exec(arn) ?? []
  if (partition === undefined || accountId === undefined || name === undefined) {
    throw compilationError(
      `invalid ARN '${arn}' in WORKLOAD_IDENTITY: it has to be arn:aws:iam::<account>:role/<name>.`,
    )
  }
  // https://github.com/snowflakedb/terraform-provider-snowflake/issues/5127
  if (issuer !== undefined && (partition !== 'aws' || !issuerPattern.test(issuer))) {
    throw compilationError(
      `Invalid ISSUER property in WORKLOAD_IDENTITY of TYPE 'AWS': '${issuer}'. ISSUER must be a valid AWS STS JWT issuer URL matching the ARN partition.`,
      { code: '004616', sqlState: '42601' },
    )
  }
  // Observed: of a role with a path, the first part of the path is stored as the name, and no session ever matches.
  return kind === 'role'
    ? { arn, partition, accountId, kind: 'IAM role', name: name.split('/')[0] ?? '', issuer }
    : { arn, partition, accountId, kind: 'IAM user', name, issuer }
}

type AwsPrincipal = Omit<WorkloadIdentity, 'arn' | 'issuer'>

/** Whether the two are one principal of AWS as Snowflake keeps it. */
export const isSamePrincipal = (left: AwsPrincipal, right: AwsPrincipal): boolean =>
  left.partition === right.partition &&
  left.accountId === right.accountId &&
  left.kind === right.kind &&
  left.name === right.name
