import { type Denial, denialSuffix } from '../iam/index.ts'
import { signatureRefusal } from '../json-refusals.ts'
import type { SignatureRefusal } from '../sigv4/index.ts'
import { neptuneRoutes } from './neptune-actions.ts'

/** Ends a request's way. Form and codes: https://docs.aws.amazon.com/neptune/latest/userguide/errors-engine-codes.html */
export class Refused {
  readonly status: number
  readonly code: string
  readonly detailedMessage: string
  readonly because: readonly string[]
  readonly remedy: string | undefined

  constructor(
    { status, code, detailedMessage }: Pick<Refused, 'status' | 'code' | 'detailedMessage'>,
    because: readonly string[],
    remedy?: string,
  ) {
    this.status = status
    this.code = code
    this.detailedMessage = detailedMessage
    this.because = because
    this.remedy = remedy
  }
}

/** D: documented; O: observed and published; I: inferred. */
export const refusals = {
  /** Status and code D; that the words are those of every service is O for a missing token (`Missing Authentication Token`). */
  signature: (refusal: SignatureRefusal) => {
    const words = refusal.code === 'MissingAuthenticationToken' ? 'Missing Authentication Token' : refusal.message
    return {
      status: signatureRefusal(refusal).status,
      code: refusal.code === 'MalformedRequest' ? 'BadRequestException' : 'AccessDeniedException',
      detailedMessage: words,
    }
  },
  /** Status and code D, words I. */
  denied: (principalArn: string, action: string, resource: string, denial: Denial) => ({
    status: 403,
    code: 'AccessDeniedException',
    detailedMessage: `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}${denialSuffix(denial, action)}`,
  }),
  /** D */
  badRequest: { status: 400, code: 'BadRequestException', detailedMessage: 'The request could not be completed.' },
  /** No answer of AWS. */
  unsupported: (what: string) => ({
    status: 501,
    code: 'LocalUnsupported',
    detailedMessage: `The local stack does not imitate ${what}. Of Neptune it has ${neptuneRoutes.join(', ')}, the latter two for RETURN of one literal.`,
  }),
} as const
