export { apigatewayService } from './apigateway-service.ts'
