import type { RestOperation } from '../rest-service.ts'
import { apiAsked } from './api-asked.ts'
import { restApiShown } from './rest-api-shown.ts'

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApi.html */
export const getRestApi: RestOperation = {
  name: 'GetRestApi',
  path: /^\/restapis\/([^/]+)$/,
  carryOut: (parameters, call) => ({ body: restApiShown(apiAsked(parameters, call)) }),
}
