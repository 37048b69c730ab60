import type { DeployedResources } from '../../deployment/deployed-resources.ts'
import type { NamedPolicy } from '../../iam/index.ts'

/** A key of KMS, which is asked through Parameter Store alone. */
export interface KmsKey {
  readonly arn: string
  /** `alias/…` */
  readonly aliases: readonly string[]
  readonly enabled: boolean
  /** The policy of the key. */
  readonly policy: NamedPolicy
}

type AwsLocation = DeployedResources['location']

const parameterStoreKeyActions = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:DescribeKey',
]

const policyOf = (arn: string, ...statements: readonly object[]): NamedPolicy => ({
  name: `key policy of ${arn}`,
  document: { Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one, Resource: '*' })) },
})

/**
 * The AWS managed key: every principal of the account that may use Parameter Store may use it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
export const managedKey = ({ partition, region, accountId }: AwsLocation, id: string): KmsKey => {
  const arn = `arn:${partition}:kms:${region}:${accountId}:key/${id}`
  const condition = { 'kms:ViaService': `ssm.${region}.amazonaws.com`, 'kms:CallerAccount': accountId }
  return {
    arn,
    aliases: ['alias/aws/ssm'],
    enabled: true,
    policy: policyOf(arn, {
      Sid: 'AllowThroughParameterStore',
      Principal: { AWS: '*' },
      Action: parameterStoreKeyActions,
      Condition: { StringEquals: condition },
    }),
  }
}

/**
 * A customer managed key with the policy that KMS gives it: its account's IAM decides. That of another account lets the
 * account of the service use it as well, which its principals need.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export const customerKey = (
  arn: string,
  { partition, accountId }: AwsLocation,
  { aliases = [], enabled = true }: { readonly aliases?: readonly string[]; readonly enabled?: boolean } = {},
): KmsKey => {
  const root = (account: string) => ({ AWS: `arn:${partition}:iam::${account}:root` })
  const [, , , , owner = ''] = arn.split(':')
  return {
    arn,
    aliases,
    enabled,
    policy: policyOf(
      arn,
      { Sid: 'EnableIamPolicies', Principal: root(owner), Action: 'kms:*' },
      ...(owner === accountId
        ? []
        : [{ Sid: 'AllowAccount', Principal: root(accountId), Action: parameterStoreKeyActions }]),
    ),
  }
}
