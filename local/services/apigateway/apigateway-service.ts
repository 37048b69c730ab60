import { restService } from '../../service/rest-json-protocol.ts'
import { getExport } from './get-export.ts'
import { getResources } from './get-resources.ts'
import { getRestApi, getRestApis, getStage, getStages } from './get-rest-apis-and-stages.ts'

export const apigatewayService = restService({
  service: 'apigateway',
  displayName: 'API Gateway',
  operations: [getRestApis, getRestApi, getResources, getStages, getStage, getExport],
  // As at the APIs themselves, access-denied bodies alone spell the key `Message`: inferred.
  rejectionBody: ({ code, message }) => (code === 'AccessDeniedException' ? { Message: message } : { message }),
})
