import { headerValue, type WireRequest } from '../http/index.ts'
import { denialSuffix, evaluate, type Principal } from '../iam/index.ts'
import { decisionSteps, failedSteps, type JournalStep } from '../journal.ts'
import { signatureRefusal } from '../json-refusals.ts'
import { requestContextKeys } from '../request-context.ts'
import { type AccessKey, verify } from '../sigv4/index.ts'
import type { ApiMethod, Deployment, FunctionResource } from '../template/index.ts'
import { accessDenied, Refused, refusals } from './refusals.ts'
import { findRoute, type RouteMatch } from './routes.ts'

/** Each check returns what it found out and the step for the journal, or throws Refused. */

export interface Surroundings {
  readonly deployment: Pick<Deployment, 'place' | 'api' | 'functions'>
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly now: () => Date
}

export interface Caller {
  readonly principal: Principal
  readonly accessKeyId: string
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const limits = { urlBytes: 10_240, headerBytes: 10_240, bodyBytes: 10_485_760 } as const

export const checkSize = ({ rawHeaders, target, body }: WireRequest): JournalStep => {
  // Names and values with the colon, blank and line end around them.
  const headerBytes = rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part, 'latin1') + 2, 0)
  const measured = [
    { what: 'URL', size: target.length, limit: limits.urlBytes, refusal: refusals.uriTooLong },
    { what: 'header', size: headerBytes, limit: limits.headerBytes, refusal: refusals.requestTooLong },
    { what: 'body', size: body.length, limit: limits.bodyBytes, refusal: refusals.requestTooLong },
  ]
  const over = measured.find(({ size, limit }) => size > limit)
  if (over) {
    const because = `the ${over.what} has ${over.size} bytes; API Gateway takes ${over.limit}`
    throw new Refused(
      over.refusal,
      failedSteps('size', [because]),
      `Send a ${over.what} of at most ${over.limit} bytes.`,
    )
  }
  return { check: 'size', outcome: 'passed', because: 'URL, header and body are within the limits' }
}

export const checkRoute = (
  request: WireRequest,
  around: Surroundings,
): { path: string; match: RouteMatch; step: JournalStep } => {
  const { api } = around.deployment
  const path = pathBelowStage(request.target, api.stage)
  const match = path === undefined ? undefined : findRoute(api.methods, request.method, path)
  if (path !== undefined && match) {
    const { httpMethod, resourcePath, apiKeyRequired } = match.method
    if (apiKeyRequired) {
      const because = `${httpMethod} /${api.stage}${resourcePath} asks for an API key`
      throw new Refused(refusals.forbidden, failedSteps('API key', [because]), 'Let the method ask for no key.')
    }
    return {
      path,
      match,
      step: { check: 'route', outcome: 'passed', because: `${httpMethod} /${api.stage}${resourcePath}` },
    }
  }
  const known = api.methods
    .map(({ httpMethod, resourcePath }) => `${httpMethod} /${api.stage}${resourcePath}`)
    .join(', ')
  throw new Refused(
    unknownRoute(request, around),
    failedSteps('route', [`${request.method} ${withoutQuery(request.target)} is not among ${known}`]),
    `Call one of these routes, or add the route to a caller in access.yml and start again.`,
  )
}

/** As if credentials were missing; but an Authorization of another kind is found malformed first. */
const unknownRoute = (request: WireRequest, around: Surroundings) => {
  const authorization = headerValue(request, 'authorization')
  if (authorization === undefined || authorization.startsWith('AWS4-')) return refusals.missingAuthenticationToken
  const verdict = verifySignature(request, around)
  return verdict.verified ? refusals.missingAuthenticationToken : signatureRefusal(verdict.refusal)
}

const verifySignature = (request: WireRequest, { deployment, findKey, now }: Surroundings) =>
  verify(request, { service: 'execute-api', region: deployment.place.region, clockSkewMinutes: 5, now, findKey })

/** The caller is absent where the method asks for no authorization. */
export const checkSignature = (
  request: WireRequest,
  method: ApiMethod,
  around: Surroundings,
): { caller?: Caller; step: JournalStep } => {
  if (method.authorization === 'NONE') {
    return { step: { check: 'signature', outcome: 'passed', because: 'the method asks for none' } }
  }
  const verdict = verifySignature(request, around)
  if (!verdict.verified) {
    const { check, explanation, remedy } = verdict.refusal
    throw new Refused(signatureRefusal(verdict.refusal), failedSteps(check, explanation), remedy)
  }
  const { owner: principal, accessKeyId, form } = verdict
  const because = `${form} form, access key ${accessKeyId} of ${principal.arn}`
  return { caller: { principal, accessKeyId }, step: { check: 'signature', outcome: 'passed', because } }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
export const checkPolicies = (
  request: WireRequest,
  path: string,
  caller: Caller | undefined,
  { deployment: { api, place }, now }: Surroundings,
): JournalStep[] => {
  if (!caller && !api.resourcePolicy) return [] // open to everybody
  const action = 'execute-api:Invoke'
  const decision = evaluate({
    principal: caller?.principal ?? 'anonymous',
    action,
    resource: methodArn({ api, place }, place.accountId, request.method, path),
    resourceAccount: place.accountId,
    ...(api.resourcePolicy && { resourcePolicy: api.resourcePolicy }),
    context: requestContextKeys(request, place.region, now()),
  })
  if (decision.allowed) return decisionSteps(decision)
  const who = caller?.principal.arn ?? 'anonymous'
  // The owner's account id is masked but for its last four digits.
  const resource = methodArn({ api, place }, `********${place.accountId.slice(-4)}`, request.method, path)
  throw new Refused(
    accessDenied(
      `User: ${who} is not authorized to perform: ${action} on resource: ${resource}${denialSuffix(decision, action)}`,
    ),
    decisionSteps(decision),
    decision.remedy,
  )
}

/** Whether the function's own policy lets API Gateway invoke it for this method. */
export const checkFunction = (
  httpMethod: string,
  method: ApiMethod,
  { deployment: { api, place, functions } }: Surroundings,
): { fn: FunctionResource; steps: JournalStep[] } => {
  const fn = functions.find(({ arn }) => arn === method.functionArn)
  if (!fn) {
    const because = `the method integrates ${method.functionArn}, which does not exist`
    throw new Refused(refusals.notInvocable, failedSteps('function', [because]), 'Package the service again.')
  }
  const decision = evaluate({
    principal: { service: 'apigateway.amazonaws.com' },
    action: 'lambda:InvokeFunction',
    resource: fn.arn,
    resourceAccount: place.accountId,
    ...(fn.resourcePolicy && { resourcePolicy: fn.resourcePolicy }),
    context: {
      'aws:SourceArn': methodArn({ api, place }, place.accountId, httpMethod, method.resourcePath),
      'aws:SourceAccount': place.accountId,
    },
  })
  if (!decision.allowed) throw new Refused(refusals.notInvocable, decisionSteps(decision), decision.remedy)
  if (fn.reservedConcurrency === 0) {
    const because = `the reserved concurrency of ${fn.name} is 0: Lambda refuses to run it`
    throw new Refused(refusals.notInvocable, failedSteps('function', [because]), 'Take the reserved concurrency away.')
  }
  return { fn, steps: decisionSteps(decision) }
}

const methodArn = (
  { api, place }: Pick<Deployment, 'api' | 'place'>,
  accountId: string,
  httpMethod: string,
  path: string,
): string =>
  `arn:${place.partition}:execute-api:${place.region}:${accountId}:${api.id}/${api.stage}/${httpMethod}${path}`

export const withoutQuery = (target: string): string => target.split('?')[0] ?? ''

/** As it stands on the request line, slashes doubled before the first segment folded; undefined outside the stage. */
const pathBelowStage = (target: string, stage: string): string | undefined => {
  const path = withoutQuery(target)
  if (path === `/${stage}`) return '/'
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1).replace(/^\/+/, '/') : undefined
}
