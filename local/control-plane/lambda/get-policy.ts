import type { RestOperation } from '../rest-service.ts'
import { functionAsked, notFound } from './function-asked.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
export const getPolicy: RestOperation = {
  name: 'GetPolicy',
  path: /^\/2015-03-31\/functions\/([^/]+)\/policy$/,
  carryOut: (parameters, call) => {
    const { resourcePolicy } = functionAsked(parameters, call, 'lambda:GetPolicy')
    // O: github.com/aws/serverless-application-model/issues/307
    if (!resourcePolicy) throw notFound('The resource you requested does not exist.')
    return { body: { Policy: JSON.stringify(resourcePolicy.document) } }
  },
}
