import type { RestOperation } from '../rest-service.ts'
import { demandPath } from './api-asked.ts'
import { restApiShown } from './rest-api-shown.ts'

/** All on one page. https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html */
export const getRestApis: RestOperation = {
  name: 'GetRestApis',
  path: /^\/restapis$/,
  carryOut: (parameters, call) => {
    demandPath(parameters, call)
    return { body: { item: call.deployment ? [restApiShown(call.deployment)] : [] } }
  },
}
