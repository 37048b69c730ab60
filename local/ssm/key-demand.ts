import type { Denial } from '../iam/index.ts'
import type { Call } from './call.ts'
import type { KmsKey } from './kms-key.ts'
import type { Refusal } from './refusals.ts'

interface For {
  /** The parameter's. */
  readonly arn: string
  readonly call: Call
}

/**
 * Parameter Store asks KMS in the caller's name: the policy of the key and the caller's own must allow it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
export const demandOfKey = (
  { arn: resource, policy: resourcePolicy }: KmsKey,
  action: 'kms:Decrypt' | 'kms:Encrypt' | 'kms:GenerateDataKey',
  { arn, call: { demand, place } }: For,
  refusal: (denial: Denial) => Refusal,
): void =>
  demand(
    {
      action,
      resource,
      resourcePolicy,
      resourceAccount: resource.split(':')[4] ?? '',
      context: {
        'kms:CallerAccount': place.accountId,
        'kms:ViaService': `ssm.${place.region}.amazonaws.com`,
        'kms:EncryptionContext:PARAMETER_ARN': arn,
      },
    },
    refusal,
  )
