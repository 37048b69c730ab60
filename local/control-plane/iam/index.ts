export { iamService } from './iam-service.ts'
