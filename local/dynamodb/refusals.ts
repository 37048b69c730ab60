import type { WireAnswer } from '../http/index.ts'
import { type Decision, denialSuffix } from '../iam/index.ts'
import { signatureRefusal } from '../json-refusals.ts'
import type { SignatureRefusal } from '../sigv4/index.ts'

/** A refusal in the form of DynamoDB. What is behind the door, dynalite refuses in words it recorded of AWS. */
export interface Refusal {
  readonly status: number
  readonly type: string
  readonly message: string
}

/** Status and name: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export const refusals = {
  signature: (refusal: SignatureRefusal): Refusal => {
    const { errorType, body } = signatureRefusal(refusal)
    const { message }: { message: string } = JSON.parse(body) // as signatureRefusal wrote it
    // Recorded by dynalite.
    const words = 'Request is missing Authentication Token'
    return {
      status: 400,
      type: `com.amazon.coral.service#${errorType}`,
      message: refusal.code === 'MissingAuthenticationToken' ? words : message,
    }
  },
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
  denied: (principalArn: string, action: string, resource: string, decision: Decision): Refusal => ({
    status: 400,
    type: 'com.amazon.coral.service#AccessDeniedException',
    message: `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}${
      decision.allowed ? '' : denialSuffix(decision, action)
    }`,
  }),
  /** No answer of AWS. */
  unsupported: (what: string): Refusal => ({
    status: 501,
    type: 'LocalUnsupported',
    message: `The local stack does not imitate ${what}. Of DynamoDB it has GetItem, PutItem and Scan.`,
  }),
} as const

export const refusalAnswer = ({ status, type, message }: Refusal, requestId: string): WireAnswer => ({
  status,
  headers: { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': requestId },
  body: JSON.stringify({ __type: type, message }),
})
