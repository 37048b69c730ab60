import type { WireAnswer, WireRequest } from './http/index.ts'
import { isInvokePath } from './lambda/index.ts'
import { isQueryRequest } from './query-protocol/index.ts'
import { signedService } from './sigv4/index.ts'
import { isSnowflakePath } from './snowflake-server/index.ts'
import { stackApiPrefix } from './stack-api.ts'

interface Needs {
  readonly stackApi: (request: WireRequest) => Promise<WireAnswer>
  readonly gateway: (request: WireRequest) => Promise<WireAnswer>
  readonly sts: (request: WireRequest) => Promise<WireAnswer>
  readonly snowflake: (request: WireRequest) => Promise<WireAnswer>
  readonly ssm: (request: WireRequest) => Promise<WireAnswer>
  readonly dynamodb: (request: WireRequest) => Promise<WireAnswer>
  readonly lambda: (request: WireRequest) => Promise<WireAnswer>
  /** Undefined for what is not asked of it. */
  readonly controlPlane: (request: WireRequest) => Promise<WireAnswer> | undefined
}

/**
 * Tells the services apart on one port. What `AWS_ENDPOINT_URL` brings here has the path `/`, Lambda's or API Gateway's, and a
 * scope that names the service; everything else is the REST API's, whatever it was signed for: a wrong service must be refused there.
 */
export const createFrontDoor =
  ({ stackApi, gateway, sts, snowflake, ssm, dynamodb, lambda, controlPlane }: Needs) =>
  async (request: WireRequest): Promise<WireAnswer> => {
    const path = request.target.split('?')[0] ?? ''
    if (path.startsWith(stackApiPrefix)) return stackApi(request)
    if (isInvokePath(path)) return lambda(request)
    const looked = controlPlane(request)
    if (looked) return looked
    if (isSnowflakePath(path)) return snowflake(request)
    if (path !== '/') return gateway(request)
    const service = signedService(request)
    if (service === 'execute-api') return gateway(request)
    if (service === 'ssm') return ssm(request)
    if (service === 'dynamodb') return dynamodb(request)
    if (service === 'sts' || (service === undefined && isQueryRequest(request))) return sts(request)
    return service === undefined ? gateway(request) : unsupportedService(service)
  }

const unsupportedService = (service: string): WireAnswer => ({
  status: 501,
  headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': 'LocalUnsupported' },
  body: JSON.stringify({
    __type: 'LocalUnsupported',
    message: `The local stack does not imitate ${service}. It has execute-api, sts, ssm, dynamodb and lambda, and to look at what is deployed iam, cloudformation and apigateway.`,
  }),
})
