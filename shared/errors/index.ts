export { ServiceError, toServiceError } from './service-error.ts'
export { type ErrorCode, errorTable } from './table.ts'
