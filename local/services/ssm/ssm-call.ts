import type { DeployedResources } from '../../deployment/deployed-resources.ts'
import type { Denial, NamedPolicy } from '../../iam/index.ts'
import type { KmsKey } from './kms-key.ts'
import type { ParameterStore } from './parameter-store.ts'
import type { SsmRejection } from './ssm-rejections.ts'

/** One permission that an operation needs. */
interface SsmPermission {
  readonly action: string
  readonly resource: string
  readonly resourceAccount: string
  readonly resourcePolicy?: NamedPolicy
  /** Condition keys beyond those of every request. */
  readonly context?: Readonly<Record<string, string>>
}

/** What an operation works with. */
export interface SsmCall {
  readonly store: ParameterStore
  readonly location: DeployedResources['location']
  readonly callerArn: string
  readonly newId: () => string
  /** Asks the caller's policies; a denial ends the request with the refusal made of it. */
  readonly authorize: (permission: SsmPermission, reject: (denial: Denial) => SsmRejection) => void
  /** The permission for an action of SSM on a parameter, by its ARN. */
  readonly authorizeParameter: (action: string, arn: string) => void
}

interface KeyUse {
  /** The parameter's. */
  readonly arn: string
  readonly call: SsmCall
}

/**
 * Parameter Store asks KMS in the caller's name: the policy of the key and the caller's own must allow it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
export const authorizeKeyUse = (
  { arn: resource, policy: resourcePolicy }: KmsKey,
  action: 'kms:Decrypt' | 'kms:Encrypt' | 'kms:GenerateDataKey',
  { arn, call: { authorize, location } }: KeyUse,
  rejection: (denial: Denial) => SsmRejection,
): void =>
  authorize(
    {
      action,
      resource,
      resourcePolicy,
      resourceAccount: resource.split(':')[4] ?? '',
      context: {
        'kms:CallerAccount': location.accountId,
        'kms:ViaService': `ssm.${location.region}.amazonaws.com`,
        'kms:EncryptionContext:PARAMETER_ARN': arn,
      },
    },
    rejection,
  )
