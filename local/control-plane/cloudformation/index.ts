export { cloudformationService } from './cloudformation-service.ts'
