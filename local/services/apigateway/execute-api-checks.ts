import type { ApiMethod, DeployedResources, FunctionResource } from '../../deployment/deployed-resources.ts'
import { headerValue, type WireRequest } from '../../http.ts'
import { denialSuffix, evaluate, type Principal, requestContextKeys } from '../../iam/index.ts'
import { decisionSteps, failedSteps, type JournalStep } from '../../journal.ts'
import { jsonSignatureRejection } from '../../service/rest-json-protocol.ts'
import { type AccessKey, verifySignature } from '../../sigv4/index.ts'
import { accessDeniedRejection, ExecuteApiRejected, executeApiRejections } from './execute-api-rejections.ts'
import { findRoute, type RouteMatch } from './method-routing.ts'

/** Each check returns what it found out and the step for the journal, or throws Refused. */

export interface ExecuteApiDependencies {
  readonly deployment: Pick<DeployedResources, 'location' | 'api' | 'functions'>
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly now: () => Date
}

export interface AuthenticatedCaller {
  readonly principal: Principal
  readonly accessKeyId: string
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const executeApiLimits = { urlBytes: 10_240, headerBytes: 10_240, bodyBytes: 10_485_760 } as const

export const checkSize = ({ rawHeaders, target, body }: WireRequest): JournalStep => {
  // Names and values with the colon, blank and line end around them.
  const headerBytes = rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part, 'latin1') + 2, 0)
  const sizes = [
    { what: 'URL', size: target.length, limit: executeApiLimits.urlBytes, rejection: executeApiRejections.uriTooLong },
    {
      what: 'header',
      size: headerBytes,
      limit: executeApiLimits.headerBytes,
      rejection: executeApiRejections.requestTooLong,
    },
    {
      what: 'body',
      size: body.length,
      limit: executeApiLimits.bodyBytes,
      rejection: executeApiRejections.requestTooLong,
    },
  ]
  const excess = sizes.find(({ size, limit }) => size > limit)
  if (excess) {
    const reason = `the ${excess.what} has ${excess.size} bytes; API Gateway takes ${excess.limit}`
    throw new ExecuteApiRejected(
      excess.rejection,
      failedSteps('size', [reason]),
      `Send a ${excess.what} of at most ${excess.limit} bytes.`,
    )
  }
  return { check: 'size', outcome: 'passed', reason: 'URL, header and body are within the limits' }
}

export const checkRoute = (
  request: WireRequest,
  dependencies: ExecuteApiDependencies,
): { path: string; match: RouteMatch; step: JournalStep } => {
  const { api } = dependencies.deployment
  const path = pathBelowStage(request.target, api.stage)
  const match = path === undefined ? undefined : findRoute(api.methods, request.method, path)
  if (path !== undefined && match) {
    const { httpMethod, resourcePath, apiKeyRequired } = match.method
    if (apiKeyRequired) {
      const reason = `${httpMethod} /${api.stage}${resourcePath} asks for an API key`
      throw new ExecuteApiRejected(
        executeApiRejections.forbidden,
        failedSteps('API key', [reason]),
        'Let the method ask for no key.',
      )
    }
    return {
      path,
      match,
      step: { check: 'route', outcome: 'passed', reason: `${httpMethod} /${api.stage}${resourcePath}` },
    }
  }
  const routes = api.methods
    .map(({ httpMethod, resourcePath }) => `${httpMethod} /${api.stage}${resourcePath}`)
    .join(', ')
  throw new ExecuteApiRejected(
    unknownRouteRejection(request, dependencies),
    failedSteps('route', [`${request.method} ${withoutQuery(request.target)} is not among ${routes}`]),
    `Call one of these routes, or add the route to a caller in access.yml and start again.`,
  )
}

/** As if credentials were missing; but an Authorization of another kind is found malformed first. */
const unknownRouteRejection = (request: WireRequest, dependencies: ExecuteApiDependencies) => {
  const authorization = headerValue(request, 'authorization')
  if (authorization === undefined || authorization.startsWith('AWS4-'))
    return executeApiRejections.missingAuthenticationToken
  const verification = verifyForExecuteApi(request, dependencies)
  return verification.verified
    ? executeApiRejections.missingAuthenticationToken
    : jsonSignatureRejection(verification.rejection)
}

const verifyForExecuteApi = (request: WireRequest, { deployment, findKey, now }: ExecuteApiDependencies) =>
  verifySignature(request, {
    service: 'execute-api',
    region: deployment.location.region,
    clockSkewMinutes: 5,
    now,
    findKey,
  })

/** The caller is absent where the method asks for no authorization. */
export const checkSignature = (
  request: WireRequest,
  method: ApiMethod,
  dependencies: ExecuteApiDependencies,
): { caller?: AuthenticatedCaller; step: JournalStep } => {
  if (method.authorization === 'NONE') {
    return { step: { check: 'signature', outcome: 'passed', reason: 'the method asks for none' } }
  }
  const verification = verifyForExecuteApi(request, dependencies)
  if (!verification.verified) {
    const { check, explanation, fix } = verification.rejection
    throw new ExecuteApiRejected(jsonSignatureRejection(verification.rejection), failedSteps(check, explanation), fix)
  }
  const { owner: principal, accessKeyId, form } = verification
  const reason = `${form} form, access key ${accessKeyId} of ${principal.arn}`
  return { caller: { principal, accessKeyId }, step: { check: 'signature', outcome: 'passed', reason } }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
export const checkPolicies = (
  request: WireRequest,
  path: string,
  caller: AuthenticatedCaller | undefined,
  { deployment: { api, location }, now }: ExecuteApiDependencies,
): JournalStep[] => {
  if (!caller && !api.resourcePolicy) return [] // open to all callers
  const action = 'execute-api:Invoke'
  const decision = evaluate({
    principal: caller?.principal ?? 'anonymous',
    action,
    resource: methodArn({ api, location }, location.accountId, request.method, path),
    resourceAccount: location.accountId,
    ...(api.resourcePolicy && { resourcePolicy: api.resourcePolicy }),
    context: requestContextKeys(request, location.region, now()),
  })
  if (decision.allowed) return decisionSteps(decision)
  const principalArn = caller?.principal.arn ?? 'anonymous'
  // The owner's account id is masked but for its last four digits.
  const resource = methodArn({ api, location }, `********${location.accountId.slice(-4)}`, request.method, path)
  throw new ExecuteApiRejected(
    accessDeniedRejection(
      `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}${denialSuffix(decision, action)}`,
    ),
    decisionSteps(decision),
    decision.fix,
  )
}

/** Whether the function's own policy lets API Gateway invoke it for this method. */
export const checkFunction = (
  httpMethod: string,
  method: ApiMethod,
  { deployment: { api, location, functions } }: ExecuteApiDependencies,
): { fn: FunctionResource; steps: JournalStep[] } => {
  const fn = functions.find(({ arn }) => arn === method.functionArn)
  if (!fn) {
    const reason = `the method integrates ${method.functionArn}, which does not exist`
    throw new ExecuteApiRejected(
      executeApiRejections.notInvocable,
      failedSteps('function', [reason]),
      'Package the service again.',
    )
  }
  const decision = evaluate({
    principal: { service: 'apigateway.amazonaws.com' },
    action: 'lambda:InvokeFunction',
    resource: fn.arn,
    resourceAccount: location.accountId,
    ...(fn.resourcePolicy && { resourcePolicy: fn.resourcePolicy }),
    context: {
      'aws:SourceArn': methodArn({ api, location }, location.accountId, httpMethod, method.resourcePath),
      'aws:SourceAccount': location.accountId,
    },
  })
  if (!decision.allowed)
    throw new ExecuteApiRejected(executeApiRejections.notInvocable, decisionSteps(decision), decision.fix)
  if (fn.reservedConcurrency === 0) {
    const reason = `the reserved concurrency of ${fn.name} is 0: Lambda refuses to run it`
    throw new ExecuteApiRejected(
      executeApiRejections.notInvocable,
      failedSteps('function', [reason]),
      'Take the reserved concurrency away.',
    )
  }
  return { fn, steps: decisionSteps(decision) }
}

const methodArn = (
  { api, location }: Pick<DeployedResources, 'api' | 'location'>,
  accountId: string,
  httpMethod: string,
  path: string,
): string =>
  `arn:${location.partition}:execute-api:${location.region}:${accountId}:${api.id}/${api.stage}/${httpMethod}${path}`

export const withoutQuery = (target: string): string => target.split('?')[0] ?? ''

/** As it stands on the request line, slashes doubled before the first segment folded; undefined outside the stage. */
const pathBelowStage = (target: string, stage: string): string | undefined => {
  const path = withoutQuery(target)
  if (path === `/${stage}`) return '/'
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1).replace(/^\/+/, '/') : undefined
}
