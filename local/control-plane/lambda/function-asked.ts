import { readFunctionReference } from '../../lambda/index.ts'
import type { FunctionResource } from '../../template/index.ts'
import { type Call, Refused, unsupported } from '../call.ts'
import type { RestParameters } from '../rest-service.ts'

/** The function that a path names, by name or ARN, for a caller who may know it. */
export const functionAsked = ({ path, query }: RestParameters, call: Call, action: string): FunctionResource => {
  const { place, deployment, caller, demand } = call
  const [spelling = ''] = path
  const read = readFunctionReference(spelling, query.get('Qualifier') ?? undefined)
  if ('violations' in read) {
    const { violations } = read
    const message = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: ${violations.join('; ')}`
    throw new Refused({ status: 400, code: 'ValidationException', message }, { because: message })
  }
  const { reference } = read
  if (reference.qualifier !== undefined || query.has('Qualifier'))
    throw unsupported(`versions and aliases for ${action}`)
  const { partition = place.partition, region = place.region, accountId = caller.accountId, name } = reference
  const arn = `arn:${partition}:lambda:${region}:${accountId}:function:${name}`
  demand({ action, resource: arn, resourceAccount: accountId })
  const found = deployment?.functions.find((fn) => fn.arn === arn)
  // Recorded by github.com/localstack/localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json
  if (!found) throw notFound(`Function not found: ${arn}`)
  return found
}

export const notFound = (message: string): Refused =>
  new Refused({ status: 404, code: 'ResourceNotFoundException', message }, { because: message })
