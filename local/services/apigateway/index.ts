export { apigatewayService } from './apigateway-service.ts'
export { createExecuteApi, domainNameOf } from './execute-api.ts'
