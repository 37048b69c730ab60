import { type ErrorCode, errorTable } from './table.ts'

/** A row of the error table, raised. `detail` goes to the caller after the row's words; `cause` goes to the log alone. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined

  constructor(code: ErrorCode, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super([errorTable[code].says, detail].filter(Boolean).join(' '), { cause })
    this.code = code
    this.status = errorTable[code].status
    this.detail = detail
  }
}

/** Whatever was thrown, as a row of the table: what no one foresaw is UNEXPECTED, its words kept from the caller. */
export const toServiceError = (thrown: unknown): ServiceError => {
  if (thrown instanceof ServiceError) return thrown
  // middy's early time-out, a few milliseconds before Lambda would end the environment.
  if (thrown instanceof Error && thrown.name === 'TimeoutError') {
    return new ServiceError('DEADLINE_EXCEEDED', { cause: thrown })
  }
  return new ServiceError('UNEXPECTED', { cause: thrown })
}
