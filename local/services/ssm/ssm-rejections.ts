import type { WireResponse } from '../../http.ts'
import { type Denial, denialSuffix } from '../../iam/index.ts'
import { jsonSignatureRejection } from '../../service/rest-json-protocol.ts'
import type { SignatureRejection } from '../../sigv4/index.ts'

/** A refusal in the form of the JSON 1.1 services: `{"__type", "message"}`. */
export interface SsmRejection {
  readonly status: number
  readonly type: string
  /** SSM leaves it out of some. */
  readonly message?: string
}

/** Rejects a request: thrown by the failed check, answered and recorded in one place. */
export class SsmRejected {
  readonly rejection: SsmRejection
  readonly reasons: readonly string[]
  /** What would have been allowed, if anything. */
  readonly fix?: string

  constructor(rejection: SsmRejection, reasons: readonly string[], fix?: string) {
    this.rejection = rejection
    this.reasons = reasons
    if (fix !== undefined) this.fix = fix
  }
}

const badRequest = (type: string, message?: string): SsmRejection => ({
  status: 400,
  type,
  ...(message !== undefined && { message }),
})

/**
 * D: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors and its
 * neighbours; O: observed and published; I: inferred.
 */
export const ssmRejections = {
  /** Names and texts as everywhere (O); all are 400 here (D). */
  signature: (rejection: SignatureRejection): SsmRejection =>
    badRequest(
      jsonSignatureRejection(rejection).errorType,
      // STS and API Gateway word two of them apart.
      rejection.code === 'MissingAuthenticationToken' ? 'Missing Authentication Token' : rejection.message,
    ),
  /** D: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
  denied: (principalArn: string, action: string, resource: string, denial: Denial): SsmRejection =>
    badRequest(
      'AccessDeniedException',
      `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}${denialSuffix(denial, action)}`,
    ),
  /** O: KMS's own words, passed on. */
  keyDenied: (requestId: string): SsmRejection =>
    badRequest(
      'AccessDeniedException',
      `The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access. (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: ${requestId})`,
    ),
  /** O: KMS's own words again, of what it was asked besides decrypting. */
  keyUseDenied: (
    principalArn: string,
    action: string,
    keyArn: string,
    denial: Denial,
    requestId: string,
  ): SsmRejection =>
    badRequest(
      'AccessDeniedException',
      `User: ${principalArn} is not authorized to perform: ${action} on resource: ${keyArn}${denialSuffix(denial, action)} (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: ${requestId})`,
    ),
  /** Code D, text I */
  invalidKey: (keyId: string, why: string): SsmRejection => badRequest('InvalidKeyId', `${keyId} ${why}.`),
  /** O: it has no message. */
  notFound: badRequest('ParameterNotFound'),
  /** D */
  versionNotFound: (version: string, name: string): SsmRejection =>
    badRequest(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
    ),
  /** O: github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/166 */
  alreadyExists: badRequest(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  ),
  validation: (message: string): SsmRejection => badRequest('ValidationException', message),
  /** O: an unknown target is answered without a message. */
  unknownOperation: badRequest('UnknownOperationException'),
  /** I */
  unreadable: badRequest('SerializationException'),
  /** No answer of AWS. */
  unsupported: (what: string): SsmRejection => ({
    status: 501,
    type: 'LocalUnsupported',
    message: `The local stack does not imitate ${what}. Of Parameter Store it has GetParameter, GetParameters, PutParameter and DeleteParameter.`,
  }),
} as const

/** The sentence of a violated constraint (D); what stands after the last colon is I. */
export const violation = (value: string | undefined, member: string, constraint: string): string =>
  `1 validation error detected: Value ${value === undefined ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: ${constraint}`

export const ssmRejectionResponse = ({ status, type, message }: SsmRejection, requestId: string): WireResponse =>
  ssmResponse(status, { __type: type, ...(message !== undefined && { message }) }, requestId)

export const ssmResponse = (status: number, body: unknown, requestId: string): WireResponse => ({
  status,
  headers: { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': requestId },
  body: JSON.stringify(body),
})
