import { restService } from '../rest-service.ts'
import { getExport } from './get-export.ts'
import { getResources } from './get-resources.ts'
import { getRestApi } from './get-rest-api.ts'
import { getRestApis } from './get-rest-apis.ts'
import { getStage } from './get-stage.ts'
import { getStages } from './get-stages.ts'

export const apigatewayService = restService({
  service: 'apigateway',
  title: 'API Gateway',
  operations: [getRestApis, getRestApi, getResources, getStages, getStage, getExport],
  // As at the APIs themselves, access-denied bodies alone spell the key `Message`: inferred.
  bodyOf: ({ code, message }) => (code === 'AccessDeniedException' ? { Message: message } : { message }),
})
