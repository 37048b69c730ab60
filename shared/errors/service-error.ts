import { type ErrorCode, errorTable } from './error-table.ts'

/** An error of the error table. The caller gets `detail` after the row's message; only the log gets `cause`. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined

  constructor(code: ErrorCode, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super([errorTable[code].message, detail].filter(Boolean).join(' '), { cause })
    this.code = code
    this.status = errorTable[code].status
    this.detail = detail
  }
}

/** Converts anything thrown to an error of the table. An unknown error becomes UNEXPECTED; its message is not sent to the caller. */
export const toServiceError = (thrown: unknown): ServiceError => {
  if (thrown instanceof ServiceError) return thrown
  // middy's early timeout, a few milliseconds before Lambda ends the environment.
  if (thrown instanceof Error && thrown.name === 'TimeoutError') {
    return new ServiceError('DEADLINE_EXCEEDED', { cause: thrown })
  }
  return new ServiceError('UNEXPECTED', { cause: thrown })
}
