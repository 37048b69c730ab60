export { createSts, isQueryRequest } from './sts.ts'
