import type { Deployment } from '../../template/index.ts'
import { type Call, Refused } from '../call.ts'
import type { RestParameters } from '../rest-service.ts'

/**
 * What is deployed, where the path names its API, for a caller who may read below it. The resource is the path itself.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 */
export const apiAsked = (parameters: RestParameters, call: Call): Deployment => {
  demandPath(parameters, call)
  const [id] = parameters.path
  const { deployment } = call
  // O: github.com/Miserlou/Zappa/issues/1892
  if (deployment?.api.id !== id || !deployment) throw notFound('Invalid API identifier specified')
  return deployment
}

export const demandPath = ({ request }: RestParameters, { place, demand }: Call): void => {
  const [path = ''] = request.target.split('?')
  demand({ action: 'apigateway:GET', resource: `arn:${place.partition}:apigateway:${place.region}::${path}` })
}

/** The second place of the path, which has to name the one stage there is. */
export const stageAsked = (parameters: RestParameters, call: Call): Deployment => {
  const deployment = apiAsked(parameters, call)
  // O: github.com/awslabs/aws-api-gateway-developer-portal/issues/310
  if (deployment.api.stage !== parameters.path[1]) throw notFound('Invalid stage identifier specified')
  return deployment
}

const notFound = (message: string): Refused =>
  new Refused({ status: 404, code: 'NotFoundException', message }, { because: message })

/** Times are seconds since 1970. */
export const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1_000)
