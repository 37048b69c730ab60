export { lambdaService } from './lambda-service.ts'
