import type { RestOperation } from '../rest-service.ts'
import { stageAsked } from './api-asked.ts'
import { stageShown } from './stage-shown.ts'

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetStage.html */
export const getStage: RestOperation = {
  name: 'GetStage',
  path: /^\/restapis\/([^/]+)\/stages\/([^/]+)$/,
  carryOut: (parameters, call) => ({ body: stageShown(stageAsked(parameters, call)) }),
}
