import { type Denial, denialSuffix } from '../../iam/index.ts'
import { jsonSignatureRejection } from '../../service/rest-json-protocol.ts'
import type { SignatureRejection } from '../../sigv4/index.ts'
import { neptuneRoutes } from './neptune-operations.ts'

/** Rejects a request. Format and codes: https://docs.aws.amazon.com/neptune/latest/userguide/errors-engine-codes.html */
export class NeptuneRejected {
  readonly status: number
  readonly code: string
  readonly detailedMessage: string
  readonly reasons: readonly string[]
  readonly fix: string | undefined

  constructor(
    { status, code, detailedMessage }: Pick<NeptuneRejected, 'status' | 'code' | 'detailedMessage'>,
    reasons: readonly string[],
    fix?: string,
  ) {
    this.status = status
    this.code = code
    this.detailedMessage = detailedMessage
    this.reasons = reasons
    this.fix = fix
  }
}

/** D: documented; O: observed and published; I: inferred. */
export const neptuneRejections = {
  /** Status and code D; that the words are those of every service is O for a missing token (`Missing Authentication Token`). */
  signature: (rejection: SignatureRejection) => {
    const words = rejection.code === 'MissingAuthenticationToken' ? 'Missing Authentication Token' : rejection.message
    return {
      status: jsonSignatureRejection(rejection).status,
      code: rejection.code === 'MalformedRequest' ? 'BadRequestException' : 'AccessDeniedException',
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
