import type { RestOperation } from '../rest-service.ts'
import { apiAsked } from './api-asked.ts'
import { stageShown } from './stage-shown.ts'

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetStages.html */
export const getStages: RestOperation = {
  name: 'GetStages',
  path: /^\/restapis\/([^/]+)\/stages$/,
  carryOut: (parameters, call) => ({ body: { item: [stageShown(apiAsked(parameters, call))] } }),
}
